-- SPDX-License-Identifier: Apache-2.0
-- The roles that every cluster has from the start. Run once, in the database postgres of a template.
CREATE ROLE databricks_superuser NOLOGIN CREATEDB CREATEROLE BYPASSRLS;
GRANT pg_read_all_data, pg_write_all_data, pg_monitor, pg_signal_backend
  TO databricks_superuser WITH ADMIN OPTION;
CREATE ROLE databricks_control_plane LOGIN SUPERUSER;
CREATE ROLE databricks_monitor LOGIN IN ROLE pg_monitor;
ALTER ROLE databricks_monitor SET statement_timeout = '60s';
CREATE ROLE databricks_gateway LOGIN;
CREATE ROLE databricks_replicator LOGIN REPLICATION;
CREATE ROLE databricks_all_writer_perms NOLOGIN;
CREATE ROLE databricks_synced_table_helper NOLOGIN;
CREATE SCHEMA neon AUTHORIZATION databricks_control_plane;
