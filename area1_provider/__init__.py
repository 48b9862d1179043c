"""Exchange Online journaling to Cloudflare Area 1 as Pulumi code."""
