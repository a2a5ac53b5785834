// SPDX-License-Identifier: Apache-2.0

// peer serves the fake workspace that the authors of the Databricks CLI test with, so that the
// conformance suite meets an implementation that is not ours. It prints its URL and serves until its
// standard input ends.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/databricks/cli/libs/testserver"
)

// t is what the fake wants of a test: somewhere to complain.
type t struct{ cleanup []func() }

func (*t) Log(args ...any)                   { log.Print(args...) }
func (*t) Logf(format string, args ...any)   { log.Printf(format, args...) }
func (*t) Error(args ...any)                 { log.Print(args...) }
func (*t) Errorf(format string, args ...any) { log.Printf(format, args...) }
func (*t) Fatal(args ...any)                 { log.Fatal(args...) }
func (*t) Fatalf(format string, args ...any) { log.Fatalf(format, args...) }
func (*t) Skip(args ...any)                  { log.Print(args...) }
func (*t) Skipf(format string, args ...any)  { log.Printf(format, args...) }
func (*t) FailNow()                          { os.Exit(1) }
func (*t) Context() context.Context          { return context.Background() }
func (*t) Setenv(key, value string)          { os.Setenv(key, value) }
func (*t) TempDir() string                   { return os.TempDir() }
func (*t) Helper()                           {}
func (t *t) Cleanup(f func())                { t.cleanup = append(t.cleanup, f) }

func main() {
	test := &t{}
	log.SetOutput(io.Discard)
	server := testserver.New(test)
	testserver.AddDefaultHandlers(server)
	fmt.Println(server.URL)
	io.Copy(io.Discard, os.Stdin)
	for _, f := range test.cleanup {
		f()
	}
}
