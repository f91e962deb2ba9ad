-- Tenants see their own rows and nothing else, whatever a query forgets. Transactions of a tenant run as antiphon_app,
-- which owns nothing, with the organisation in antiphon.org; the owner's own are for the server's jobs and logins.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'antiphon_app') THEN
    CREATE ROLE antiphon_app NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- Another server was quicker.
END $$;
--> statement-breakpoint
DO $$
BEGIN
  IF NOT pg_has_role(current_user, 'antiphon_app', 'MEMBER') THEN
    EXECUTE format('GRANT antiphon_app TO %I', current_user);
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO antiphon_app', current_schema());
END $$;
--> statement-breakpoint
CREATE FUNCTION antiphon_guard(target text, tenant_column text DEFAULT 'org_id') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', target);
  EXECUTE format(
    'CREATE POLICY tenant ON %I TO antiphon_app USING (%I = (SELECT current_setting(''antiphon.org'', true)))',
    target, tenant_column);
  EXECUTE format('CREATE POLICY server ON %I TO CURRENT_USER USING (true)', target);
END $$;
--> statement-breakpoint
DO $$
DECLARE
  target text;
BEGIN
  FOR target IN
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_name = 'org_id'
  LOOP
    PERFORM antiphon_guard(target);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO antiphon_app', target);
  END LOOP;
  PERFORM antiphon_guard('organisations', 'id');
  GRANT SELECT, UPDATE (name) ON organisations TO antiphon_app;
END $$;
--> statement-breakpoint
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE users FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON users TO antiphon_app USING (EXISTS (
  SELECT FROM memberships WHERE memberships.user_id = users.id));
--> statement-breakpoint
CREATE POLICY server ON users TO CURRENT_USER USING (true);
--> statement-breakpoint
GRANT SELECT (id, email, name, image, disabled, last_login_at, created_at) ON users TO antiphon_app;
--> statement-breakpoint
REVOKE UPDATE, DELETE ON audit_log, agent_versions FROM antiphon_app;
--> statement-breakpoint
CREATE FUNCTION antiphon_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION antiphon_append_only();
--> statement-breakpoint
-- A search cannot use its index below row-level security (@@ is not leakproof), so this one runs as the owner and
-- names the tenant itself.
CREATE FUNCTION antiphon_search_items(query text, most integer) RETURNS TABLE (session_id text)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT items.session_id FROM items
  WHERE items.search @@ websearch_to_tsquery('simple', query)
    AND items.org_id = current_setting('antiphon.org', true)
  LIMIT most
$$;
--> statement-breakpoint
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION antiphon_search_items(text, integer) SET search_path = %I, pg_temp', current_schema());
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION antiphon_search_items(text, integer) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION antiphon_search_items(text, integer) TO antiphon_app;
