package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// maxBacklog is how many captures may be without facets before they are made
	// even though no moment is idle.
	maxBacklog = 65536
	// Slices are how many facets are made at once: a capture that comes meanwhile waits.
	idleSlice    = 512
	pressedSlice = 1024
	// sliceEvery is the pause between slices, in which captures are kept.
	sliceEvery = time.Millisecond
)

// backlog is about how many captures are without facets.
func (s *session) backlog() int64 { return s.lastCapture - s.indexed }

// index brings the indexes a little further, and stops early when stop says that
// somebody waits. It returns after how long there is more to do, or 0 where all is done.
func (s *session) index(ctx context.Context, stop func() bool) (time.Duration, error) {
	more, err := s.indexFacets(ctx, idleSlice)
	if err != nil {
		return 0, err
	}
	if more {
		return sliceEvery, nil
	}
	return s.indexBodies(ctx, stop)
}

// indexFacets makes facets of n captures and attempts at most, and reports whether
// there are more.
func (s *session) indexFacets(ctx context.Context, n int) (more bool, err error) {
	err = s.transact(ctx, func(ctx context.Context) error {
		done, err := readProgress(ctx, s.conn)
		if err != nil {
			return err
		}
		captures, err := s.addFacets(ctx, &done, n)
		if err != nil {
			return err
		}
		attempts, err := s.addAttemptIDs(ctx, &done, n)
		if err != nil {
			return err
		}
		more = captures == n || attempts == n
		s.indexed = done.captures
		_, err = s.conn.ExecContext(ctx, `UPDATE progress SET captures_done = ?, attempts_done = ?`, done.captures, done.attempts)
		return err
	})
	return more, explain(err)
}

// A facetRow is what a facet is made of.
type facetRow struct {
	facet
	id     string
	target string
	size   int64
	from   sql.NullString
	reply  sql.NullInt64
}

// addFacets makes the facets of the next n captures, and returns how many there were.
func (s *session) addFacets(ctx context.Context, done *progress, n int) (int, error) {
	rows, err := facetRows(ctx, s.conn, done.captures, n)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	add, err := s.conn.PrepareContext(ctx, `INSERT OR REPLACE INTO facets
		(`+facetColumns+`, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return 0, err
	}
	defer add.Close()
	for i := range rows {
		r := &rows[i]
		s.args = append(s.args[:0], r.seq, r.head, r.tail, r.receivedAt, r.method, r.path, r.status,
			r.provider, r.event, r.eventID, r.outcome, r.size)
		if _, err := add.ExecContext(ctx, s.args...); err != nil {
			return 0, err
		}
	}
	done.captures = rows[len(rows)-1].seq
	return len(rows), s.addZones(ctx, rows)
}

// facetRows reads what the facets of the n captures past after are made of.
func facetRows(ctx context.Context, db querier, after int64, n int) ([]facetRow, error) {
	rows, err := headRows(ctx, db, after, n)
	if err != nil {
		return nil, err
	}
	seqs := make([]int64, len(rows))
	for i := range rows {
		seqs[i] = rows[i].seq
	}
	known, err := identitiesOf(ctx, db, seqs)
	for i := range rows {
		rows[i].identityFacet = newIdentityFacet(known[rows[i].seq])
	}
	return rows, err
}

// headRows is facetRows without the identities. A capture that cannot be read has
// an empty facet: it is in lists, as damaged.
func headRows(ctx context.Context, db querier, after int64, n int) ([]facetRow, error) {
	found, err := db.QueryContext(ctx, `SELECT seq, id, received_at, method, target, body_size,
			coalesce(reply_from, (SELECT reply_from FROM attempts WHERE capture_seq = c.seq AND reply_from IS NOT NULL ORDER BY seq DESC LIMIT 1)),
			coalesce(reply_status, (SELECT reply_status FROM attempts WHERE capture_seq = c.seq AND reply_from IS NOT NULL ORDER BY seq DESC LIMIT 1))
		FROM captures AS c WHERE seq > ? ORDER BY seq LIMIT ?`, after, n)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	rows := make([]facetRow, 0, n)
	for found.Next() {
		var r facetRow
		if found.Scan(&r.seq, &r.id, &r.receivedAt, &r.method, &r.target, &r.size, &r.from, &r.reply) != nil {
			r = facetRow{facet: facet{seq: r.seq}}
		}
		r.complete()
		rows = append(rows, r)
	}
	return rows, found.Err()
}

// complete works out what is not in the database as such.
func (r *facetRow) complete() {
	r.head, r.tail = headTail(r.id)
	r.method = strings.ToUpper(r.method)
	r.path = hook.TargetPath(r.target)
	r.status = statusNone
	if r.from.Valid {
		r.status = r.reply.Int64
	}
}

// addZones widens the zones of rows so that these are in them.
func (s *session) addZones(ctx context.Context, rows []facetRow) error {
	for len(rows) > 0 {
		zone := zoneOf(rows[0].seq)
		times := span{rows[0].receivedAt, rows[0].receivedAt}
		heads := span{rows[0].head, rows[0].head}
		n := 0
		for ; n < len(rows) && zoneOf(rows[n].seq) == zone; n++ {
			times = span{min(times.lo, rows[n].receivedAt), max(times.hi, rows[n].receivedAt)}
			heads = span{min(heads.lo, rows[n].head), max(heads.hi, rows[n].head)}
		}
		rows = rows[n:]
		_, err := s.conn.ExecContext(ctx, `INSERT INTO zones (n, min_time, max_time, min_head, max_head) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (n) DO UPDATE SET
				min_time = min(min_time, excluded.min_time), max_time = max(max_time, excluded.max_time),
				min_head = min(min_head, excluded.min_head), max_head = max(max_head, excluded.max_head)`,
			zone, times.lo, times.hi, heads.lo, heads.hi)
		if err != nil {
			return err
		}
	}
	return nil
}
