// SPDX-License-Identifier: Apache-2.0

package sdk_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/databricks/databricks-sdk-go"
	"github.com/databricks/databricks-sdk-go/apierr"
	"github.com/databricks/databricks-sdk-go/service/postgres"
)

type verdict struct {
	Verdict  string `json:"verdict"`
	Attempts string `json:"attempts"`
	Exists   bool   `json:"exists"`
}

type scenario struct {
	ID, Title, Call, Plan string
	Faults                []json.RawMessage
	Config                struct {
		HTTPTimeoutSeconds  int `json:"http_timeout_seconds"`
		RetryTimeoutSeconds int `json:"retry_timeout_seconds"`
	}
	Seen map[string]verdict
}

// kinds are the sentinels of the SDK, the more special before the more general.
var kinds = []struct {
	name string
	err  error
}{
	{"ErrAlreadyExists", apierr.ErrAlreadyExists}, {"ErrAborted", apierr.ErrAborted},
	{"ErrInvalidParameterValue", apierr.ErrInvalidParameterValue},
	{"ErrBadRequest", apierr.ErrBadRequest}, {"ErrPermissionDenied", apierr.ErrPermissionDenied},
	{"ErrNotFound", apierr.ErrNotFound}, {"ErrResourceConflict", apierr.ErrResourceConflict},
	{"ErrTooManyRequests", apierr.ErrTooManyRequests}, {"ErrInternalError", apierr.ErrInternalError},
	{"ErrNotImplemented", apierr.ErrNotImplemented},
	{"ErrTemporarilyUnavailable", apierr.ErrTemporarilyUnavailable},
	{"ErrDeadlineExceeded", apierr.ErrDeadlineExceeded},
	{"io.ErrUnexpectedEOF", io.ErrUnexpectedEOF}, {"io.EOF", io.EOF},
}

// texts are what errors without a sentinel say.
var texts = []string{"operation failed", "no response available", "timed out", "unexpected end of JSON",
	"invalid character", "EOF"}

func verdictOf(err error) string {
	if err == nil {
		return "ok"
	}
	for _, kind := range kinds {
		if errors.Is(err, kind.err) {
			return kind.name
		}
	}
	var answer *apierr.APIError
	if errors.As(err, &answer) {
		return "APIError " + strconv.Itoa(answer.StatusCode)
	}
	for _, text := range texts {
		if strings.Contains(strings.ToLower(err.Error()), strings.ToLower(text)) {
			return "error: " + text
		}
	}
	return "error: " + err.Error()
}

var calls = map[string]struct {
	run       func(*databricks.WorkspaceClient) error
	name, rpc string
}{
	"create_project": {func(w *databricks.WorkspaceClient) error {
		_, err := w.Postgres.CreateProject(ctx, postgres.CreateProjectRequest{ProjectId: "made",
			Project: postgres.Project{Spec: &postgres.ProjectSpec{}}})
		return err
	}, "projects/made", "CreateProject"},
	"create_branch": {func(w *databricks.WorkspaceClient) error {
		_, err := w.Postgres.CreateBranch(ctx, postgres.CreateBranchRequest{Parent: shop, BranchId: "made",
			Branch: postgres.Branch{Spec: &postgres.BranchSpec{NoExpiry: true}}})
		return err
	}, shop + "/branches/made", "CreateBranch"},
	"wait_branch": {func(w *databricks.WorkspaceClient) error {
		_, err := createBranch(w, "made", postgres.BranchSpec{NoExpiry: true})
		return err
	}, shop + "/branches/made", "GetOperation"},
}

func (l *lab) exists(name string) bool {
	var state struct {
		Resources []struct {
			Name string
			Doc  struct{ Name string }
		}
	}
	l.call("GET", "/state", nil, &state)
	for _, resource := range state.Resources {
		if resource.Name == name || resource.Doc.Name == name {
			return true
		}
	}
	return false
}

func runScenario(t *testing.T, s *scenario) {
	l, _ := withShop(t)
	w := l.client("", &databricks.Config{HTTPTimeoutSeconds: s.Config.HTTPTimeoutSeconds,
		RetryTimeoutSeconds: s.Config.RetryTimeoutSeconds})
	call, known := calls[s.Call]
	if !known {
		t.Fatalf("%s: no such call", s.Call)
	}
	if s.Plan != "" {
		l.call("PUT", "/lro", map[string]any{"default": "first-poll",
			"plans": []map[string]string{{"rpc": "CreateBranch", "plan": s.Plan}}}, nil)
	}
	for _, rule := range s.Faults {
		l.call("POST", "/faults", rule, nil)
	}
	l.call("DELETE", "/journal", nil, nil)

	seen := verdict{Verdict: verdictOf(call.run(w))}
	attempts := len(l.requests(call.rpc))
	seen.Attempts = strconv.Itoa(attempts)
	if s.Config.RetryTimeoutSeconds != 0 && attempts > 1 {
		seen.Attempts = ">1"
	}
	seen.Exists = l.exists(call.name)
	var unfired struct{ Faults []any }
	l.call("GET", "/faults", nil, &unfired, "unfired", "1")
	equal(t, "rules that never fired", len(unfired.Faults), 0)

	if out := os.Getenv("SDK_OUT"); out != "" {
		folder := filepath.Join(out, "verdicts", "go")
		must(t, os.MkdirAll(folder, 0o755))
		text, err := json.Marshal(seen)
		must(t, err)
		must(t, os.WriteFile(filepath.Join(folder, s.ID+".json"), text, 0o644))
	}
	if os.Getenv("SDK_UPDATE") == "" {
		equal(t, s.Title, seen, s.Seen["go"])
	}
}

// TestFault runs the scenarios of tests/sdk/faults and compares with what was seen before.
func TestFault(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "faults", "scenarios.json"))
	must(t, err)
	var file struct{ Scenarios []scenario }
	must(t, json.Unmarshal(text, &file))
	for i := range file.Scenarios {
		t.Run(file.Scenarios[i].ID, func(t *testing.T) { runScenario(t, &file.Scenarios[i]) })
	}
}
