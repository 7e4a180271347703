package store

import "context"

// The parameters of these statements have no numbers: the driver would look the name of
// each up for each row. Nothing is kept where the capture is gone.

const whereKept = ` FROM (SELECT ? AS capture) WHERE capture = 0 OR EXISTS (SELECT 1 FROM captures WHERE seq = capture)`

const insertAttempt = `INSERT INTO attempts (` + attemptColumns + `, answer)
	SELECT ?, ?, ?, capture, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?` + whereKept

// insertPlain is insertAttempt for most: each parameter that there is takes time, for it
// is looked for among all others.
const insertPlain = `INSERT INTO attempts (seq, id, capture_id, capture_seq, started_at, cause, method, url, status,
	latency_us, failure, reason, response_proto, response_headers, response_size, response_crc, checksum,
	run, try, provider, event, acknowledged, answer)
	SELECT ?, ?, ?, capture, ?, ?, ?, ?, ?, ?, '', '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?` + whereKept

// insertSeen is insertPlain for a capture that is there: to look for it is a third of the work.
const insertSeen = `INSERT INTO attempts (seq, id, capture_id, started_at, cause, method, url, status,
	latency_us, failure, reason, response_proto, response_headers, response_size, response_crc, checksum,
	run, try, provider, event, acknowledged, answer, capture_seq)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// isPlain reports whether insertPlain has a place for all that r has.
func (r *attemptRow) isPlain() bool {
	return r.failure == "" && r.reason == "" && !r.reply.from.Valid && !r.part.delivery.Valid && !r.part.endpoint.Valid
}

// insert adds r with the response's body, and reports whether its capture was there. seen
// says that it is.
func (r *attemptRow) insert(ctx context.Context, s *session, body []byte, seen bool) (bool, error) {
	statement, args := s.addAttempt, s.args[:0]
	switch {
	case !r.isPlain():
		args = r.appendArgs(args)
	case seen:
		statement, args = s.addSeen, r.appendPlain(args)
	default:
		statement, args = s.addPlain, r.appendPlain(args)
	}
	s.args = append(args, orNull(body), r.captureSeq)
	n, err := statement.count(ctx, s.args)
	return n > 0, err
}

// appendPlain appends the values of insertPlain up to the body to args.
func (r *attemptRow) appendPlain(args []any) []any {
	args = append(args, r.seq, r.id, r.captureID, r.startedAt, r.trigger, r.method, r.url, r.status,
		r.latency, r.proto, orNull(r.headers), r.size, r.crc, r.checksum)
	p := &r.part
	return append(args, orNullText(&p.run), orNullNumber(&p.try), orNullText(&p.provider), orNullText(&p.event),
		orNullNumber(&p.acknowledged))
}

// appendArgs appends the values of insertAttempt up to the body to args.
func (r *attemptRow) appendArgs(args []any) []any {
	args = append(args, r.seq, r.id, r.captureID, r.startedAt, r.trigger, r.method, r.url, r.status,
		r.latency, r.failure, r.reason, r.proto, orNull(r.headers), r.size, r.crc)
	args = append(r.reply.appendArgs(args), r.checksum)
	return r.part.appendArgs(args)
}
