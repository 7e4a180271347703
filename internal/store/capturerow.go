package store

import (
	"math"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// captureColumns are the columns of a capture without its body, as captureRow has them.
const captureColumns = `seq, id, received_at, method, target, proto, remote, headers, headers_exact, trailers,
	reply_status, reply_from, reply_dropped, reply_latency_us, body_size, body_sha256, checksum`

const insertCapture = `INSERT INTO captures (` + captureColumns + `, body, identity)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// A captureRow is a capture without its body, in the database's terms.
type captureRow struct {
	seq        int64
	id         string
	receivedAt int64 // microseconds
	method     string
	target     string
	proto      string
	remote     string
	headers    []byte
	exact      bool
	trailers   []byte
	reply      replyColumns
	size       int64
	sha256     []byte
	checksum   int64
	identity   []byte // nil where nothing is known
}

// set fills r from c, without seq and checksum. It uses the buffers r has.
func (r *captureRow) set(c *hook.Capture) {
	r.id, r.receivedAt = string(c.ID), c.ReceivedAt.UnixMicro()
	r.method, r.target, r.proto, r.remote = c.Method, c.Target, c.Proto, c.Remote
	r.headers = appendHeaders(r.headers[:0], c.Header)
	r.exact = c.HeadersExact
	r.trailers = appendHeaders(r.trailers[:0], c.Trailer)
	r.reply.set(c.Reply)
	r.size = c.BodySize
	r.sha256 = append(r.sha256[:0], c.BodySHA256[:]...)
	r.identity = r.identity[:0]
	if c.Identity != nil && !c.Identity.IsZero() {
		r.identity = appendIdentity(r.identity, c.Identity)
	}
}

// fingerprint computes the checksum of r by way of f. The identity has the upper
// half, so that damage to it costs nothing else.
func (r *captureRow) fingerprint(f *fingerprint) int64 {
	return identitySum(f, r.seq, r.identity)<<32 | r.head(f)
}

// upperHalf is the part of a checksum that is the identity's.
func upperHalf(checksum int64) int64 { return checksum >> 32 & math.MaxUint32 }

// head computes the checksum of all but the identity.
func (r *captureRow) head(f *fingerprint) int64 {
	f.reset()
	f.number(r.seq)
	f.text(r.id)
	f.number(r.receivedAt)
	f.text(r.method)
	f.text(r.target)
	f.text(r.proto)
	f.text(r.remote)
	f.bytes(r.headers)
	f.number(asInt(r.exact))
	f.bytes(r.trailers)
	r.reply.addTo(f)
	f.number(r.size)
	f.bytes(r.sha256)
	return f.sum()
}

// appendArgs appends the values of captureColumns to args.
func (r *captureRow) appendArgs(args []any) []any {
	args = append(args, r.seq, r.id, r.receivedAt, r.method, r.target, r.proto, r.remote,
		orNull(r.headers), asInt(r.exact), orNull(r.trailers))
	args = r.reply.appendArgs(args)
	return append(args, r.size, r.sha256, r.checksum)
}

// dest appends where a row of captureColumns is scanned to.
func (r *captureRow) dest(to []any) []any {
	to = append(to, &r.seq, &r.id, &r.receivedAt, &r.method, &r.target, &r.proto, &r.remote,
		&r.headers, &r.exact, &r.trailers)
	to = r.reply.dest(to)
	return append(to, &r.size, &r.sha256, &r.checksum)
}

// capture returns what r holds, without body and identity, or a *DamagedRowError.
func (r *captureRow) capture(f *fingerprint) (*hook.Capture, error) {
	c := &hook.Capture{
		Seq: r.seq, ID: hook.ID(r.id), ReceivedAt: time.UnixMicro(r.receivedAt).UTC(),
		Method: r.method, Target: r.target, Proto: r.proto, Remote: r.remote, HeadersExact: r.exact,
		BodySize: r.size, Reply: r.reply.reply(),
	}
	if uint32(r.checksum) != uint32(r.head(f)) || copy(c.BodySHA256[:], r.sha256) != len(c.BodySHA256) {
		return nil, r.damaged("head")
	}
	var err error
	if c.Header, err = parseHeaders(r.headers); err != nil {
		return nil, r.damaged("head")
	}
	if c.Trailer, err = parseHeaders(r.trailers); err != nil {
		return nil, r.damaged("head")
	}
	return c, nil
}

// known returns the identity that r holds, nil where there is none, or a *DamagedRowError.
func (r *captureRow) known(f *fingerprint) (*hook.Identity, error) {
	id, err := soundIdentity(f, r.seq, r.identity, upperHalf(r.checksum))
	if err != nil {
		return nil, r.damaged("identity")
	}
	return id, nil
}

func (r *captureRow) damaged(what string) *DamagedRowError {
	damaged := &DamagedRowError{Seq: r.seq, ID: hook.ID(r.id), What: what}
	if !damaged.ID.Valid(hook.CapturePrefix) {
		damaged.ID = ""
	}
	return damaged
}

// orNull is b, or nil where b is empty: SQLite has no cheaper value.
func orNull(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

func asInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
