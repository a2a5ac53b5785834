// SPDX-License-Identifier: Apache-2.0
package shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The application on a branch of its own; production keeps what it has. */
@SpringBootTest
class OrdersTest {
    static final int PORT = Integer.parseInt(System.getenv().getOrDefault("SQL_PORT", "15434"));
    static final String PRODUCTION = "projects/shop/branches/production";
    static final Process MOCK;
    static final JsonNode READY;
    static final Lakebase LAKEBASE;

    static {
        var program = System.getenv().getOrDefault("LAKEBASE_MOCK", "lakebase-mock");
        try {
            MOCK = new ProcessBuilder(program, "--listen", "127.0.0.1:0", "--log", "off", "--postgres", "auto",
                    "--postgres-port", String.valueOf(PORT)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            READY = new ObjectMapper().readTree(MOCK.inputReader().readLine());
        } catch (java.io.IOException e) {
            throw new ExceptionInInitializerError(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(MOCK::destroy));
        LAKEBASE = new Lakebase(READY.get("url").asText(), "mock-spring");
    }

    static DataSource open(String branch) {
        return LAKEBASE.open(branch, PORT, "admin@example.com", READY.get("postgres").get("ca").asText());
    }

    @SpringBootApplication
    static class Application {
        @Bean
        DataSource dataSource() {
            LAKEBASE.made("projects?project_id=shop", "{}");
            var production = JdbcClient.create(open(PRODUCTION));
            production.sql("CREATE TABLE orders(id integer PRIMARY KEY, what text)").update();
            production.sql("INSERT INTO orders VALUES (1, 'apples')").update();
            return open(LAKEBASE.made("projects/shop/branches?branch_id=trial", "{\"no_expiry\": true}"));
        }
    }

    @Autowired
    Orders orders;

    @Test
    void aBranchHasTheDataAndGoesItsOwnWay() {
        orders.add(2, "pears");
        assertThat(orders.all()).containsExactly("apples", "pears");
        assertThat(JdbcClient.create(open(PRODUCTION)).sql("SELECT count(*) FROM orders").query(Integer.class).single()).isEqualTo(1);
    }

    @AfterAll
    static void stop() {
        MOCK.destroy();
    }
}
