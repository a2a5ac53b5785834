// SPDX-License-Identifier: Apache-2.0

// A pool of pgx that asks for a token at each login, as Databricks' documentation shows it.
// Each line on stdin is one query of an application; its result is a line on stdout.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

func token() (string, error) {
	body, _ := json.Marshal(map[string]string{"endpoint": os.Getenv("LAKEBASE_ENDPOINT")})
	request, err := http.NewRequest("POST", os.Getenv("DATABRICKS_HOST")+"/api/2.0/postgres/credentials", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("DATABRICKS_TOKEN"))
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	if reply.StatusCode != 200 {
		return "", fmt.Errorf("no token: %s", reply.Status)
	}
	var credential struct{ Token string }
	err = json.NewDecoder(reply.Body).Decode(&credential)
	return credential.Token, err
}

func say(err error) {
	verdict, code := "ok", ""
	if err != nil {
		var pg *pgconn.PgError
		var connect *pgconn.ConnectError
		verdict = fmt.Sprintf("%T", err)
		if errors.As(err, &connect) {
			verdict = "pgconn.ConnectError"
		} else if errors.As(err, &pg) {
			verdict = "pgconn.PgError"
		}
		if errors.As(err, &pg) {
			code = pg.Code
		}
		fmt.Fprintln(os.Stderr, err)
	}
	line, _ := json.Marshal(map[string]string{"verdict": verdict, "code": code})
	fmt.Println(string(line))
}

func main() {
	ctx := context.Background()
	config, err := pgxpool.ParseConfig("host=" + os.Getenv("PGHOST") + " port=" + os.Getenv("PGPORT") + " user=" + os.Getenv("PGUSER") +
		" dbname=databricks_postgres sslmode=verify-full sslrootcert=" + os.Getenv("PGSSLROOTCERT"))
	if err != nil {
		panic(err)
	}
	config.BeforeConnect = func(_ context.Context, c *pgx.ConnConfig) (err error) {
		c.Password, err = token()
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		panic(err)
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var one int
		say(pool.QueryRow(ctx, "SELECT 1").Scan(&one))
	}
	os.Exit(0)
}
