// SPDX-License-Identifier: Apache-2.0
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.regex.Pattern;

/**
 * A HikariCP pool that asks for a token at each login. Each line on stdin is one query of an
 * application; its result is a line on stdout.
 */
public class Pool {
    static final HttpClient http = HttpClient.newHttpClient();

    static String token() {
        String body = "{\"endpoint\": \"" + System.getenv("LAKEBASE_ENDPOINT") + "\"}";
        try {
            var reply = http.send(
                    HttpRequest.newBuilder(URI.create(System.getenv("DATABRICKS_HOST") + "/api/2.0/postgres/credentials"))
                            .header("Authorization", "Bearer " + System.getenv("DATABRICKS_TOKEN"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                    HttpResponse.BodyHandlers.ofString());
            var found = Pattern.compile("\"token\": *\"([^\"]+)\"").matcher(reply.body());
            if (!found.find())
                throw new IllegalStateException("no token: " + reply.statusCode());
            return found.group(1);
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static HikariDataSource open() {
        var config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT")
                + "/databricks_postgres?sslmode=verify-full&sslrootcert=" + System.getenv("PGSSLROOTCERT"));
        config.setCredentialsProvider(() -> Credentials.of(System.getenv("PGUSER"), token()));
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    static String code(Throwable e) {
        for (; e != null; e = e.getCause())
            if (e instanceof SQLException s && s.getSQLState() != null)
                return s.getSQLState();
        return "";
    }

    public static void main(String[] args) throws Exception {
        HikariDataSource pool = null;
        var lines = new BufferedReader(new InputStreamReader(System.in));
        while (lines.readLine() != null) {
            String verdict = "ok", code = "";
            try {
                if (pool == null)
                    pool = open();
                try (var c = pool.getConnection(); var rows = c.createStatement().executeQuery("SELECT 1")) {
                    rows.next();
                }
            } catch (Exception e) {
                System.err.println(e);
                verdict = e.getClass().getSimpleName();
                code = code(e);
            }
            System.out.println("{\"verdict\": \"" + verdict + "\", \"code\": \"" + code + "\"}");
        }
        System.exit(0);
    }
}
