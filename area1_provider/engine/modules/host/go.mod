// A module of its own: this release of the language host and the CLI cannot share one go.mod.
module area1.invalid/engine/host

go 1.25.11

require github.com/pulumi/pulumi/sdk/v3 v3.79.0
