-- SPDX-License-Identifier: Apache-2.0
-- What every database has, one made by plain CREATE DATABASE, too: run once, in template1.
CREATE SCHEMA __db_system AUTHORIZATION databricks_control_plane;

CREATE FUNCTION __db_system.refuse_replication() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user) THEN
    RAISE EXCEPTION '% is not enabled on this Lakebase instance', tg_tag
      USING ERRCODE = 'feature_not_supported';
  END IF;
END $$;
CREATE EVENT TRIGGER refuse_replication ON ddl_command_start
  WHEN TAG IN ('CREATE PUBLICATION', 'CREATE SUBSCRIPTION')
  EXECUTE FUNCTION __db_system.refuse_replication();
