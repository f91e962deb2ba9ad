DROP INDEX "recordings_session_id_index";--> statement-breakpoint
CREATE UNIQUE INDEX "recordings_session_id_side_index" ON "recordings" USING btree ("session_id","side");