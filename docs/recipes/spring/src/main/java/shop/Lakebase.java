// SPDX-License-Identifier: Apache-2.0
package shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** What an application needs of Lakebase: its API, and pools whose password is a fresh token at each login. */
public class Lakebase {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String host;
    private final String token;

    public Lakebase(String host, String token) {
        this.host = host;
        this.token = token;
    }

    public JsonNode call(String method, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create(host + "/api/2.0/postgres/" + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            var reply = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (reply.statusCode() != 200)
                throw new IllegalStateException(reply.body());
            return JSON.readTree(reply.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What a create leads to: the name of what it made. */
    public String made(String path, String spec) {
        var operation = call("POST", path, "{\"spec\": " + spec + "}");
        while (!operation.path("done").asBoolean())
            operation = call("GET", operation.path("name").asText(), null);
        if (operation.has("error"))
            throw new IllegalStateException(operation.get("error").toString());
        return operation.path("response").path("name").asText();
    }

    /** A pool on the primary endpoint of a branch. */
    public HikariDataSource open(String branch, int port, String user, String authority) {
        var endpoint = branch + "/endpoints/primary";
        var name = call("GET", endpoint, null).path("status").path("hosts").path("host").asText();
        var pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:postgresql://" + name + ":" + port + "/databricks_postgres?sslmode=verify-full&sslrootcert=" + authority);
        pool.setCredentialsProvider(() -> Credentials.of(user,
                call("POST", "credentials", "{\"endpoint\": \"" + endpoint + "\"}").path("token").asText()));
        return pool;
    }
}
