// SPDX-License-Identifier: Apache-2.0

// The published Go SDK against a started server. Every test has a workspace of its own.
package sdk_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/databricks/databricks-sdk-go"
	"github.com/databricks/databricks-sdk-go/service/postgres"
)

// lab is the /_mock routes of one workspace.
type lab struct {
	t              *testing.T
	url, workspace string
}

func newLab(t *testing.T) *lab {
	t.Helper()
	t.Parallel()
	host := os.Getenv("MOCK_URL")
	if host == "" {
		t.Fatal("MOCK_URL is not set: tests/sdk/run.sh go starts the server and sets it")
	}
	digest := sha256.Sum256([]byte(t.Name()))
	l := &lab{t: t, url: host, workspace: "go-" + hex.EncodeToString(digest[:6])}
	l.call("POST", "/reset", nil, nil)
	return l
}

func (l *lab) token(user string) string {
	if user == "" {
		return "mock-" + l.workspace
	}
	return "mock-" + l.workspace + "." + user
}

// call runs one request of the lab and decodes the answer into ret, unless that is nil.
func (l *lab) call(method, path string, body, ret any, query ...string) {
	l.t.Helper()
	values := url.Values{"workspace": {l.workspace}}
	for i := 0; i+1 < len(query); i += 2 {
		values.Set(query[i], query[i+1])
	}
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		must(l.t, err)
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, l.url+"/_mock"+path+"?"+values.Encode(), reader)
	must(l.t, err)
	request.Header.Set("Content-Type", "application/json")
	reply, err := http.DefaultClient.Do(request)
	must(l.t, err)
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	must(l.t, err)
	if reply.StatusCode >= 400 {
		l.t.Fatalf("%s /_mock%s: %d %s", method, path, reply.StatusCode, text)
	}
	if ret != nil {
		must(l.t, json.Unmarshal(text, ret))
	}
}

type request struct {
	Status  int    `json:"status"`
	Code    string `json:"error_code"`
	Applied bool   `json:"applied"`
}

func (l *lab) requests(rpc string) []request {
	var journal struct{ Requests []request }
	l.call("GET", "/journal", nil, &journal, "rpc", rpc)
	return journal.Requests
}

func (l *lab) client(user string, config *databricks.Config) *databricks.WorkspaceClient {
	l.t.Helper()
	if config == nil {
		config = &databricks.Config{}
	}
	config.Host, config.Token, config.AuthType = l.url, l.token(user), "pat"
	config.RateLimitPerSecond = 1000
	w, err := databricks.NewWorkspaceClient(config)
	must(l.t, err)
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// made returns the value of a call that has to succeed.
func made[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		must(t, err)
		return value
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, not %v", what, got, want)
	}
}

// fails checks that err is of the kind, and says what it must say.
func fails(t *testing.T, err, kind error, text string) {
	t.Helper()
	switch {
	case err == nil:
		t.Fatalf("it worked; it had to fail with: %s", text)
	case !errors.Is(err, kind):
		t.Errorf("%v: not of the kind %v", err, kind)
	case !strings.Contains(err.Error(), text):
		t.Errorf("%q does not say %q", err, text)
	}
}

var ctx = context.Background()

const (
	shop       = "projects/shop"
	production = shop + "/branches/production"
	dev        = shop + "/branches/dev"
	primary    = production + "/endpoints/primary"
)

func createProject(w *databricks.WorkspaceClient, id string, spec postgres.ProjectSpec) (*postgres.Project, error) {
	operation, err := w.Postgres.CreateProject(ctx, postgres.CreateProjectRequest{
		ProjectId: id, Project: postgres.Project{Spec: &spec}})
	if err != nil {
		return nil, err
	}
	return operation.Wait(ctx)
}

func createBranch(w *databricks.WorkspaceClient, id string, spec postgres.BranchSpec) (*postgres.Branch, error) {
	operation, err := w.Postgres.CreateBranch(ctx, postgres.CreateBranchRequest{
		Parent: shop, BranchId: id, Branch: postgres.Branch{Spec: &spec}})
	if err != nil {
		return nil, err
	}
	return operation.Wait(ctx)
}

// withShop gives a client of a workspace that holds the project `shop`.
func withShop(t *testing.T) (*lab, *databricks.WorkspaceClient) {
	t.Helper()
	l := newLab(t)
	w := l.client("", nil)
	made[*postgres.Project](t)(createProject(w, "shop", postgres.ProjectSpec{}))
	return l, w
}
