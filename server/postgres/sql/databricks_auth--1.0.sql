-- SPDX-License-Identifier: Apache-2.0
-- The extension databricks_auth in SQL alone. What the service keeps in a security label, which
-- would need a C module, is the comment of the role: "id=<number>,type=<TYPE>".

CREATE FUNCTION databricks_create_role(identity_name text, identity_type text) RETURNS text
  LANGUAGE plpgsql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kind text := upper(identity_type);
  maker record;
BEGIN
  SELECT rolname, rolsuper, rolcreaterole, shobj_description(oid, 'pg_authid') AS label
    INTO maker FROM pg_roles WHERE rolname = session_user;
  IF kind NOT IN ('USER', 'SERVICE_PRINCIPAL', 'GROUP') THEN
    RAISE EXCEPTION 'invalid identity type "%"', identity_type
      USING ERRCODE = 'invalid_parameter_value',
        HINT = 'It is one of USER, SERVICE_PRINCIPAL, GROUP.';
  END IF;
  IF NOT maker.rolsuper AND coalesce(maker.label, '') NOT LIKE 'id=%,type=%' THEN
    RAISE EXCEPTION 'only a role that stands for a Databricks identity can create one'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NOT maker.rolsuper AND NOT (maker.rolcreaterole
      AND has_database_privilege(maker.rolname, current_database(), 'CREATE')) THEN
    RAISE EXCEPTION 'permission denied to create role'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = identity_name) THEN
    RAISE EXCEPTION 'role "%" already exists', identity_name USING ERRCODE = 'duplicate_object';
  END IF;
  EXECUTE format('CREATE ROLE %I LOGIN INHERIT', identity_name);
  EXECUTE format('COMMENT ON ROLE %I IS %L', identity_name,
    format('id=%s,type=%s', abs(hashtextextended(identity_name, 0)), kind));
  IF NOT maker.rolsuper THEN
    EXECUTE format('GRANT %I TO %I WITH ADMIN OPTION', identity_name, maker.rolname);
  END IF;
  RETURN identity_name;
END $$;

CREATE FUNCTION databricks_list_roles_impl(OUT role_name text, OUT identity_type text)
  RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT rolname::text, lower(substring(shobj_description(oid, 'pg_authid') FROM 'type=(.*)$'))
  FROM pg_roles WHERE shobj_description(oid, 'pg_authid') LIKE 'id=%,type=%' ORDER BY 1
$$;

CREATE VIEW databricks_list_roles AS SELECT * FROM databricks_list_roles_impl();
GRANT SELECT ON databricks_list_roles TO PUBLIC;
