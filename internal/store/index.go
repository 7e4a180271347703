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
	id       string
	target   string
	size     int64
	from     sql.NullString
	reply    sql.NullInt64
	checksum int64
	identity []byte
}

// addFacets makes the facets of the next n captures, and returns how many there were.
func (s *session) addFacets(ctx context.Context, done *progress, n int) (int, error) {
	rows, err := facetRows(ctx, s.conn, done.captures, n)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	add, err := s.conn.PrepareContext(ctx, `INSERT OR REPLACE INTO facets
		(`+facetColumns+`, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return 0, err
	}
	defer add.Close()
	for i := range rows {
		r := &rows[i]
		s.args = append(s.args[:0], r.seq, r.head, r.tail, r.receivedAt, r.method, r.path, r.status, r.size)
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
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	judged, err := judgements(ctx, db, `seq > ? AND seq <= ?`, after, rows[len(rows)-1].seq)
	for i := range rows {
		if id, ok := judged[rows[i].seq]; ok {
			rows[i].identityFacet = newIdentityFacet(id)
		}
	}
	return rows, err
}

// headRows is facetRows without what was made of captures later. A capture that
// cannot be read has an empty facet: it is in lists, as damaged.
func headRows(ctx context.Context, db querier, after int64, n int) ([]facetRow, error) {
	found, err := db.QueryContext(ctx, `SELECT seq, id, received_at, method, target, body_size,
			coalesce(reply_from, (SELECT reply_from FROM attempts WHERE capture_seq = c.seq AND reply_from IS NOT NULL ORDER BY seq DESC LIMIT 1)),
			coalesce(reply_status, (SELECT reply_status FROM attempts WHERE capture_seq = c.seq AND reply_from IS NOT NULL ORDER BY seq DESC LIMIT 1)),
			checksum, identity
		FROM captures AS c WHERE seq > ? ORDER BY seq LIMIT ?`, after, n)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	rows := make([]facetRow, 0, n)
	var print fingerprint
	for found.Next() {
		var r facetRow
		if found.Scan(&r.seq, &r.id, &r.receivedAt, &r.method, &r.target, &r.size, &r.from, &r.reply, &r.checksum, &r.identity) != nil {
			r = facetRow{facet: facet{seq: r.seq}}
		}
		r.complete(&print)
		rows = append(rows, r)
	}
	return rows, found.Err()
}

// complete works out what is not in the database as such.
func (r *facetRow) complete(f *fingerprint) {
	r.head, r.tail = headTail(r.id)
	r.method = strings.ToUpper(r.method)
	r.path = hook.TargetPath(r.target)
	r.status = statusNone
	if r.from.Valid {
		r.status = r.reply.Int64
	}
	if id, err := soundIdentity(f, r.seq, r.identity, upperHalf(r.checksum)); err == nil {
		r.identityFacet = newIdentityFacet(id)
	}
}

// addZones puts rows into their zones.
func (s *session) addZones(ctx context.Context, rows []facetRow) error {
	for len(rows) > 0 {
		z, err := readZone(ctx, s.conn, zoneOf(rows[0].seq))
		if err != nil {
			return err
		}
		n := 0
		for n < len(rows) && zoneOf(rows[n].seq) == z.n {
			n++
		}
		z.add(rows[:n])
		if err := z.write(ctx, s); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}
