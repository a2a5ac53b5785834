// SPDX-License-Identifier: Apache-2.0

// One row through pgx: go run . DSN
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"
)

func main() {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, os.Args[1])
	if err == nil {
		var who string
		err = conn.QueryRow(ctx, "SELECT current_user").Scan(&who)
		fmt.Println(who)
		conn.Close(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
