package store

import (
	"hash/crc32"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// attemptColumns are the columns of an attempt without the response's body.
const attemptColumns = attemptHead + `, ` + partColumns

// attemptHead are those that rows of all versions have.
const attemptHead = `seq, id, capture_id, capture_seq, started_at, cause, method, url, status, latency_us,
	failure, reason, response_proto, response_headers, response_size, response_crc,
	reply_status, reply_from, reply_dropped, reply_latency_us, checksum`

// attemptBody is the response's body: older versions kept it in another column.
const attemptBody = `coalesce(answer, response_body)`

// An attemptRow is an attempt without the response's body, in the database's terms.
type attemptRow struct {
	seq        int64
	id         string
	captureID  string
	captureSeq int64
	startedAt  int64 // microseconds
	trigger    string
	method     string
	url        string
	status     int64
	latency    int64 // microseconds
	failure    string
	reason     string
	proto      string
	headers    []byte
	size       int64
	crc        int64
	reply      replyColumns
	checksum   int64
	part       attemptPart
}

// set fills r from a, without seq and checksum. It uses the buffers r has.
func (r *attemptRow) set(a *hook.Attempt) {
	r.id, r.captureID, r.captureSeq = string(a.ID), string(a.CaptureID), a.CaptureSeq
	r.startedAt, r.trigger = a.StartedAt.UnixMicro(), a.Trigger
	r.method, r.url, r.status = a.Method, a.URL, int64(a.Status)
	r.latency, r.failure, r.reason = a.Latency.Microseconds(), a.Failure, a.Reason
	r.proto, r.size = a.ResponseProto, a.ResponseSize
	r.headers = appendHeaders(r.headers[:0], a.ResponseHeader)
	r.crc = int64(crc32.Checksum(a.ResponseBody, castagnoli()))
	r.reply.set(a.Reply)
	r.part.set(a)
}

// fingerprint computes the checksum of r by way of f.
func (r *attemptRow) fingerprint(f *fingerprint) int64 {
	f.reset()
	f.number(r.seq)
	f.text(r.id)
	f.text(r.captureID)
	f.number(r.captureSeq)
	f.number(r.startedAt)
	f.text(r.trigger)
	f.text(r.method)
	f.text(r.url)
	f.number(r.status)
	f.number(r.latency)
	f.text(r.failure)
	f.text(r.reason)
	f.text(r.proto)
	f.bytes(r.headers)
	f.number(r.size)
	f.number(r.crc)
	r.reply.addTo(f)
	r.part.addTo(f)
	return f.sum()
}

// headDest appends where a row of attemptHead is scanned to.
func (r *attemptRow) headDest(to []any) []any {
	to = append(to, &r.seq, &r.id, &r.captureID, &r.captureSeq, &r.startedAt, &r.trigger, &r.method, &r.url, &r.status,
		&r.latency, &r.failure, &r.reason, &r.proto, &r.headers, &r.size, &r.crc)
	return append(r.reply.dest(to), &r.checksum)
}

// dest appends where a row of attemptColumns is scanned to.
func (r *attemptRow) dest(to []any) []any { return r.part.dest(r.headDest(to)) }

// attempt returns what r holds, with the response's body, or a *DamagedRowError.
func (r *attemptRow) attempt(body []byte, f *fingerprint) (*hook.Attempt, error) {
	a, err := r.bare(f)
	if err != nil {
		return nil, err
	}
	if r.crc != int64(crc32.Checksum(body, castagnoli())) {
		return nil, r.damaged("response")
	}
	a.ResponseBody = body
	return a, nil
}

// bare returns what r holds, without the response's body, or a *DamagedRowError.
func (r *attemptRow) bare(f *fingerprint) (*hook.Attempt, error) {
	header, err := parseHeaders(r.headers)
	if err != nil || r.checksum != r.fingerprint(f) {
		return nil, r.damaged("head")
	}
	a := &hook.Attempt{
		Seq: r.seq, ID: hook.ID(r.id), CaptureID: hook.ID(r.captureID), CaptureSeq: r.captureSeq,
		StartedAt: time.UnixMicro(r.startedAt).UTC(), Trigger: r.trigger, Method: r.method, URL: r.url,
		Status: int(r.status), Latency: time.Duration(r.latency) * time.Microsecond,
		Failure: r.failure, Reason: r.reason,
		ResponseProto: r.proto, ResponseHeader: header, ResponseSize: r.size,
		Reply: r.reply.reply(),
	}
	r.part.addToAttempt(a)
	return a, nil
}

func (r *attemptRow) damaged(what string) *DamagedRowError {
	damaged := &DamagedRowError{Seq: r.seq, ID: hook.ID(r.id), What: what}
	if !damaged.ID.Valid(hook.AttemptPrefix) {
		damaged.ID = ""
	}
	return damaged
}
