ALTER TABLE "items" ADD COLUMN "said_from_ms" double precision;--> statement-breakpoint
ALTER TABLE "items" ADD COLUMN "said_to_ms" double precision;--> statement-breakpoint
ALTER TABLE "recordings" ADD COLUMN "peaks" jsonb;