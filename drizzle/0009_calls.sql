ALTER TABLE "realtime_sessions" ADD COLUMN "call_id" text;--> statement-breakpoint
CREATE INDEX "realtime_sessions_call_index" ON "realtime_sessions" USING btree ("call_id") WHERE call_id is not null;