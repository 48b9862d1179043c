//go:build tools

// Names the command that .ci/pipeline-lint builds, so that go.mod and go.sum pin it.
package tools

import _ "github.com/rhysd/actionlint/cmd/actionlint"
