// SPDX-License-Identifier: Apache-2.0

// Package lakebasemock runs lakebase-mock around Go tests: one server for the test binary, one
// workspace for each test. Copy it into your project; it needs the standard library only.
package lakebasemock

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var base string

const advice = "put the path of the program, or the address of a running one, into LAKEBASE_MOCK"

// Run starts the server, runs the tests and ends it. Call it from TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(lakebasemock.Run(m, "--lro", "sync")) }
//
// $LAKEBASE_MOCK is the path of the server, or the address of one that runs already; without it,
// lakebase-mock is on the PATH; else it is taken out of the container image, where docker or podman
// has one: $LAKEBASE_MOCK_IMAGE, or lakebase-mock:0.1.0.
func Run(m *testing.M, flags ...string) int {
	binary := os.Getenv("LAKEBASE_MOCK")
	if strings.HasPrefix(binary, "http://") || strings.HasPrefix(binary, "https://") {
		base = strings.TrimRight(binary, "/")
		if err := (&Workspace{URL: base, Name: "default"}).call("GET", "/_mock/health", nil, nil); err != nil {
			fmt.Fprintf(os.Stderr, "lakebasemock: no lakebase-mock answers at %s, which LAKEBASE_MOCK names: %v\n", base, err)
			return 1
		}
		return m.Run()
	}
	if binary == "" {
		var drop func()
		var err error
		if binary, drop, err = find(); err != nil {
			fmt.Fprintln(os.Stderr, "lakebasemock:", err)
			return 1
		}
		defer drop()
	}
	// The server's standard input ends with this process, however that ends, and takes it along.
	serve := []string{"serve", "--listen", "127.0.0.1:0", "--log-level", "warn", "--end-with-stdin"}
	cmd := exec.Command(binary, append(serve, flags...)...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	var out io.Reader
	if err == nil {
		out, err = cmd.StdoutPipe()
	}
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "lakebasemock: %s cannot be started: %v; %s\n", binary, err, advice)
		return 1
	}
	defer cmd.Wait()
	defer in.Close()
	line, _ := bufio.NewReader(out).ReadBytes('\n')
	var ready struct{ URL string }
	if json.Unmarshal(line, &ready); ready.URL == "" {
		fmt.Fprintf(os.Stderr, "lakebasemock: %s did not get ready: is it a lakebase-mock? %s\n", binary, advice)
		return 1
	}
	base = ready.URL
	return m.Run()
}

// find looks on the PATH, then in the image: the program in that needs no library, so it runs outside, too.
func find() (path string, drop func(), err error) {
	if path, err = exec.LookPath("lakebase-mock"); err == nil {
		return path, func() {}, nil
	}
	image := os.Getenv("LAKEBASE_MOCK_IMAGE")
	if image == "" {
		image = "lakebase-mock:0.1.0"
	}
	for _, engine := range []string{"docker", "podman"} {
		out, err := exec.Command(engine, "create", "--pull=never", image).Output()
		if err != nil {
			continue
		}
		id := strings.TrimSpace(string(out))
		defer exec.Command(engine, "rm", id).Run()
		dir, err := os.MkdirTemp("", "lakebase-mock")
		if err != nil {
			return "", nil, err
		}
		path = filepath.Join(dir, "lakebase-mock")
		if said, err := exec.Command(engine, "cp", id+":/lakebase-mock", path).CombinedOutput(); err != nil {
			os.RemoveAll(dir)
			return "", nil, fmt.Errorf("%s cp: %s", engine, bytes.TrimSpace(said))
		}
		return path, func() { os.RemoveAll(dir) }, nil
	}
	return "", nil, fmt.Errorf("there is no lakebase-mock on the PATH, and no image %s here; %s", image, advice)
}

// Workspace is one isolated world: its own resources, clock, faults and journal.
type Workspace struct {
	URL, Name string
	t         testing.TB
}

// New gives the test an empty workspace. When the test ends, it fails if a rule with an
// expectation did not fire, and a failed test shows the requests that the mock saw.
func New(t testing.TB) *Workspace {
	t.Helper()
	if base == "" {
		t.Fatal("lakebasemock: call Run from TestMain")
	}
	name := regexp.MustCompile(`[^a-zA-Z0-9-]+`).ReplaceAllString(t.Name(), "-")
	if len(name) > 50 {
		name = name[:50]
	}
	// A test of the same name may run in another package at the same time, against the same server.
	w := &Workspace{base, fmt.Sprintf("%s-%08x", name, rand.Uint32()), t}
	w.Call("POST", "/_mock/reset", nil, nil)
	t.Cleanup(w.done)
	return w
}

// Token is the bearer token that leads here.
func (w *Workspace) Token() string { return "mock-" + w.Name + ".admin" }

// Setenv leads every Databricks client of the test here.
func (w *Workspace) Setenv(t *testing.T) {
	t.Setenv("DATABRICKS_HOST", w.URL)
	t.Setenv("DATABRICKS_TOKEN", w.Token())
	t.Setenv("DATABRICKS_CONFIG_FILE", os.DevNull)
}

// Fault adds one rule:
//
//	w.Fault(`{"match":{"rpc":"CreateProject"},"phase":"after_commit","action":{"type":"reset"},
//	          "when":{"times":1},"expect":{"fired":1}}`)
func (w *Workspace) Fault(rule string) {
	w.t.Helper()
	w.Call("POST", "/_mock/faults", json.RawMessage(rule), nil)
}

// Freeze stops the clock at now, which must not be past, or where it is when now is zero.
func (w *Workspace) Freeze(now time.Time) {
	w.t.Helper()
	body := map[string]string{"mode": "manual"}
	if !now.IsZero() {
		body["now"] = now.UTC().Format(time.RFC3339Nano)
	}
	w.Call("PUT", "/_mock/clock", body, nil)
}

// Advance turns a frozen clock on.
func (w *Workspace) Advance(by time.Duration) {
	w.t.Helper()
	w.Call("POST", "/_mock/clock/advance", map[string]string{"by": fmt.Sprintf("%dms", by.Milliseconds())}, nil)
}

// Request is one row of the journal.
type Request struct {
	Seq             int
	RPC, Method     string
	Path, Fault     string
	Status, Attempt int
}

// Journal lists the requests of an rpc ("" for all), oldest first.
func (w *Workspace) Journal(rpc string) []Request {
	w.t.Helper()
	var rows struct{ Requests []Request }
	path := "/_mock/journal"
	if rpc != "" {
		path += "?rpc=" + url.QueryEscape(rpc)
	}
	w.Call("GET", path, nil, &rows)
	return rows.Requests
}

// Call is any /_mock route of this workspace; body and result may be nil. A refusal ends the test.
func (w *Workspace) Call(method, path string, body, result any) {
	w.t.Helper()
	if err := w.call(method, path, body, result); err != nil {
		w.t.Fatal(err)
	}
}

func (w *Workspace) call(method, path string, body, result any) error {
	var data bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&data).Encode(body); err != nil {
			return err
		}
	}
	if strings.Contains(path, "?") {
		path += "&workspace=" + w.Name
	} else if !strings.HasPrefix(path, "/_mock/workspaces/") && path != "/_mock/health" {
		path += "?workspace=" + w.Name
	}
	req, err := http.NewRequest(method, w.URL+path, &data)
	if err != nil {
		return err
	}
	reply, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return err
	}
	if reply.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s: %s", method, path, reply.Status, text)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(text, result)
}

func (w *Workspace) done() {
	var rules struct {
		Faults []struct {
			ID     string
			Expect *struct{ Fired int }
		}
	}
	w.call("GET", "/_mock/faults?unfired=1", nil, &rules)
	for _, rule := range rules.Faults {
		if rule.Expect != nil {
			w.t.Errorf("fault rule %s did not fire %d times", rule.ID, rule.Expect.Fired)
		}
	}
	if w.t.Failed() {
		for _, r := range w.Journal("") {
			w.t.Logf("%5d %-6s %s %d %s", r.Seq, r.Method, r.Path, r.Status, r.Fault)
		}
	}
	if err := w.call("DELETE", "/_mock/workspaces/"+w.Name, nil, nil); err != nil {
		w.t.Error(err)
	}
}
