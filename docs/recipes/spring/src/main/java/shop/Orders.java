// SPDX-License-Identifier: Apache-2.0
package shop;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
public class Orders {
    private final JdbcClient jdbc;

    public Orders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public void add(int id, String what) {
        jdbc.sql("INSERT INTO orders(id, what) VALUES (?, ?)").params(id, what).update();
    }

    public List<String> all() {
        return jdbc.sql("SELECT what FROM orders ORDER BY id").query(String.class).list();
    }
}
