// Requires the CLI's module instead of installing it, so that Go ignores that module's replace lines.
module area1.invalid/engine/cli

go 1.25.11

require github.com/pulumi/pulumi/pkg/v3 v3.259.0
