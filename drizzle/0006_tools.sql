CREATE TABLE "mcp_listings" (
	"tool_id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"tools" jsonb,
	"listed_at" timestamp (3) with time zone,
	"checked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"problem" text,
	"duration_ms" double precision NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tool_calls" (
	"session_id" text NOT NULL,
	"id" text NOT NULL,
	"org_id" text NOT NULL,
	"by" text NOT NULL,
	"server" text DEFAULT '' NOT NULL,
	"name" text NOT NULL,
	"outcome" text NOT NULL,
	"problem" text,
	"duration_ms" double precision,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tool_calls_session_id_id_pk" PRIMARY KEY("session_id","id")
);
--> statement-breakpoint
ALTER TABLE "tools" ADD COLUMN "sealed_headers" text;--> statement-breakpoint
ALTER TABLE "mcp_listings" ADD CONSTRAINT "mcp_listings_tool_id_tools_id_fk" FOREIGN KEY ("tool_id") REFERENCES "public"."tools"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mcp_listings" ADD CONSTRAINT "mcp_listings_org_id_organisations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tool_calls" ADD CONSTRAINT "tool_calls_session_id_realtime_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."realtime_sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tool_calls" ADD CONSTRAINT "tool_calls_org_id_organisations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mcp_listings_org_id_index" ON "mcp_listings" USING btree ("org_id");--> statement-breakpoint
CREATE INDEX "tool_calls_org_id_at_index" ON "tool_calls" USING btree ("org_id","at");--> statement-breakpoint
CREATE INDEX "tool_calls_org_id_by_server_name_at_index" ON "tool_calls" USING btree ("org_id","by","server","name","at");--> statement-breakpoint
SELECT antiphon_guard('mcp_listings'), antiphon_guard('tool_calls');
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON mcp_listings, tool_calls TO antiphon_app;
