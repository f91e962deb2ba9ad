CREATE TABLE "audio_deletions" (
	"id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"store" text NOT NULL,
	"path" text NOT NULL,
	"place" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "place" text;--> statement-breakpoint
ALTER TABLE "audio_deletions" ADD CONSTRAINT "audio_deletions_org_id_organisations_id_fk" FOREIGN KEY ("org_id") REFERENCES "public"."organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audio_deletions_org_id_index" ON "audio_deletions" USING btree ("org_id");--> statement-breakpoint
CREATE INDEX "audio_deletions_next_attempt_at_index" ON "audio_deletions" USING btree ("next_attempt_at");--> statement-breakpoint
SELECT antiphon_guard('audio_deletions');
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON audio_deletions TO antiphon_app;
