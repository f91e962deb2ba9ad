CREATE TABLE "installation" (
	"id" integer PRIMARY KEY NOT NULL,
	"secret_check" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "realtime_sessions" ADD COLUMN "end_requested_at" timestamp (3) with time zone;