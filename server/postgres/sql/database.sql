-- SPDX-License-Identifier: Apache-2.0
-- What a database has that the API makes. Run once in it.
CREATE EXTENSION IF NOT EXISTS databricks_auth SCHEMA public;

DO $$
DECLARE
  here oid := (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database());
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['databricks_writer_' || here, 'databricks_reader_' || here] LOOP
    EXECUTE format('CREATE ROLE %I LOGIN', role);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', role);
  END LOOP;
  EXECUTE format('GRANT CREATE ON SCHEMA public TO %I', 'databricks_writer_' || here);
  GRANT USAGE, CREATE ON SCHEMA public TO databricks_superuser WITH GRANT OPTION;
END $$;

CREATE FUNCTION public.grant_usage_on_new_schema() RETURNS event_trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made record;
  here oid := (SELECT oid FROM pg_database WHERE datname = current_database());
BEGIN
  FOR made IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE object_type = 'schema' LOOP
    EXECUTE format('GRANT ALL ON SCHEMA %s TO databricks_superuser WITH GRANT OPTION',
      made.object_identity);
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %s TO %I', made.object_identity,
      'databricks_writer_' || here);
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO %I, databricks_gateway', made.object_identity,
      'databricks_reader_' || here);
  END LOOP;
END $$;

CREATE FUNCTION public.grant_select_on_new_objects() RETURNS event_trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made record;
  here oid := (SELECT oid FROM pg_database WHERE datname = current_database());
BEGIN
  FOR made IN SELECT * FROM pg_event_trigger_ddl_commands()
    WHERE object_type IN ('table', 'view', 'materialized view') AND schema_name <> 'pg_temp' LOOP
    EXECUTE format('GRANT ALL ON %s TO databricks_superuser WITH GRANT OPTION',
      made.object_identity);
    EXECUTE format('GRANT SELECT ON %s TO databricks_gateway, databricks_replicator, %I',
      made.object_identity, 'databricks_reader_' || here);
  END LOOP;
END $$;

CREATE FUNCTION public.grant_all_on_new_sequences() RETURNS event_trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made record;
  here oid := (SELECT oid FROM pg_database WHERE datname = current_database());
BEGIN
  FOR made IN SELECT * FROM pg_event_trigger_ddl_commands()
    WHERE object_type = 'sequence' AND schema_name <> 'pg_temp' LOOP
    EXECUTE format('GRANT ALL ON SEQUENCE %s TO databricks_superuser WITH GRANT OPTION',
      made.object_identity);
    EXECUTE format('GRANT SELECT ON SEQUENCE %s TO databricks_gateway, databricks_replicator, %I',
      made.object_identity, 'databricks_reader_' || here);
  END LOOP;
END $$;

CREATE EVENT TRIGGER on_create_schema ON ddl_command_end
  WHEN TAG IN ('CREATE SCHEMA') EXECUTE FUNCTION public.grant_usage_on_new_schema();
CREATE EVENT TRIGGER on_create_table_or_view ON ddl_command_end
  WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'CREATE VIEW',
    'CREATE MATERIALIZED VIEW')
  EXECUTE FUNCTION public.grant_select_on_new_objects();
CREATE EVENT TRIGGER on_create_sequence ON ddl_command_end
  WHEN TAG IN ('CREATE SEQUENCE', 'CREATE TABLE')
  EXECUTE FUNCTION public.grant_all_on_new_sequences();
