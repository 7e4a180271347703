package store

import (
	"database/sql"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// replyColumns are the reply_ columns of a capture or an attempt: all NULL where
// it has none.
type replyColumns struct {
	status  sql.NullInt64
	from    sql.NullString
	dropped sql.NullString
	latency sql.NullInt64 // microseconds
}

func (r *replyColumns) set(reply *hook.Reply) {
	*r = replyColumns{}
	if reply == nil {
		return
	}
	r.status = sql.NullInt64{Int64: int64(reply.Status), Valid: true}
	r.from = sql.NullString{String: reply.From, Valid: true}
	r.dropped = sql.NullString{String: reply.Dropped, Valid: true}
	r.latency = sql.NullInt64{Int64: reply.Latency.Microseconds(), Valid: true}
}

func (r *replyColumns) reply() *hook.Reply {
	if !r.from.Valid {
		return nil
	}
	return &hook.Reply{
		Status: int(r.status.Int64), From: r.from.String, Dropped: r.dropped.String,
		Latency: time.Duration(r.latency.Int64) * time.Microsecond,
	}
}

func (r *replyColumns) addTo(f *fingerprint) {
	f.number(asInt(r.from.Valid))
	f.number(r.status.Int64)
	f.text(r.from.String)
	f.text(r.dropped.String)
	f.number(r.latency.Int64)
}

func (r *replyColumns) appendArgs(args []any) []any {
	if !r.from.Valid {
		return append(args, nil, nil, nil, nil)
	}
	return append(args, r.status.Int64, r.from.String, r.dropped.String, r.latency.Int64)
}

func (r *replyColumns) dest(to []any) []any {
	return append(to, &r.status, &r.from, &r.dropped, &r.latency)
}

// replyStatus is the status of a reply as facets have it.
func replyStatus(r *hook.Reply) int64 {
	if r == nil {
		return statusNone
	}
	return int64(r.Status)
}
