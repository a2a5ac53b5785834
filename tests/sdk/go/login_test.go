// SPDX-License-Identifier: Apache-2.0

package sdk_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/databricks/databricks-sdk-go"
	"github.com/databricks/databricks-sdk-go/service/iam"
)

// What `databricks auth login` has stored serves the SDK, too.
func TestSessionOfTheCLI(t *testing.T) {
	l := newLab(t)
	cli := filepath.Join(os.Getenv("SDK_CACHE"), "bin", "databricks")
	if _, err := os.Stat(cli); err != nil {
		t.Skip("the CLI is not built: tests/sdk/run.sh cli")
	}
	login := exec.Command(cli, "auth", "login", "--host", l.url, "--profile", "mock")
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "DATABRICKS_") {
			login.Env = append(login.Env, pair)
		}
	}
	browser, err := filepath.Abs("../harness/browser.sh")
	must(t, err)
	config := filepath.Join(t.TempDir(), "databrickscfg")
	login.Env = append(login.Env, "BROWSER="+browser, "LOGIN_HINT="+l.token("ann"),
		"DATABRICKS_CONFIG_FILE="+config)
	if said, err := login.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	w, err := databricks.NewWorkspaceClient(&databricks.Config{Host: l.url, AuthType: "databricks-cli",
		DatabricksCliPath: cli})
	must(t, err)
	me, err := w.CurrentUser.Me(context.Background(), iam.MeRequest{})
	must(t, err)
	if me.UserName != "ann@example.com" {
		t.Fatalf("logged in as %s", me.UserName)
	}
}
