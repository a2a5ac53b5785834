// SPDX-License-Identifier: Apache-2.0
import java.sql.DriverManager;
import java.util.Properties;

/** java -cp postgresql.jar Login.java URL USER: one row through pgjdbc; the password is PGPASSWORD. */
class Login {
    public static void main(String[] args) throws Exception {
        Properties how = new Properties();
        how.setProperty("user", args[1]);
        how.setProperty("password", System.getenv("PGPASSWORD"));
        try (var c = DriverManager.getConnection(args[0], how);
                var rows = c.createStatement().executeQuery("SELECT current_user")) {
            rows.next();
            System.out.println(rows.getString(1));
        }
    }
}
