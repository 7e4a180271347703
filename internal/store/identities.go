package store

import (
	"context"
	"maps"
	"strconv"

	"github.com/hookctl/hookctl/internal/hook"
)

// Judge puts id in the place of what was known of the capture seq, and returns
// once that is on disk; as much of id is kept as Keep keeps. One that is nil or zero
// takes away what was known. Where the capture is gone it returns a *NotFoundError.
func (s *Store) Judge(ctx context.Context, seq int64, id *hook.Identity) error {
	if s.writer == nil {
		return ErrReadOnly
	}
	return s.writer.wait(ctx, &judgement{seq: seq, id: id})
}

// A judgement is an identity for a capture that is kept.
type judgement struct {
	seq int64
	id  *hook.Identity
}

func (*judgement) weight() int64 { return rowWeight }

func (*judgement) lazy() bool { return false }

func (*judgement) committed() {}

func (j *judgement) write(ctx context.Context, s *session) error {
	var kept bool
	err := s.conn.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM captures WHERE seq = ?)`, j.seq).Scan(&kept)
	if err != nil {
		return err
	}
	if !kept {
		return &NotFoundError{Ref: strconv.FormatInt(j.seq, 10)}
	}
	if err := j.writeFacet(ctx, s); err != nil {
		return err
	}
	return s.judge(ctx, j.id, j.seq)
}

// writeFacet changes the capture's facet. One that has none yet will have it made
// of what is there then.
func (j *judgement) writeFacet(ctx context.Context, s *session) error {
	done, err := readProgress(ctx, s.conn)
	if err != nil || j.seq > done.captures {
		return err
	}
	z, err := readZone(ctx, s.conn, zoneOf(j.seq))
	if err != nil {
		return err
	}
	z.change(j.seq, newIdentityFacet(j.id))
	return z.write(ctx, s)
}

// judge keeps id as what was made of the capture seq later.
func (s *session) judge(ctx context.Context, id *hook.Identity, seq int64) error {
	if id == nil {
		id = &hook.Identity{}
	}
	row := judgementRow{seq: seq, data: appendIdentity(nil, id)}
	_, err := s.conn.ExecContext(ctx, `INSERT OR REPLACE INTO identities (`+judgementColumns+`) VALUES (?, ?, ?)`,
		row.seq, row.data, identitySum(&s.print, row.seq, row.data))
	return err
}

// judgementColumns are the columns of a judgement, as judgementRow has them.
const judgementColumns = `seq, identity, checksum`

// A judgementRow is what was made of a capture later, in the database's terms.
type judgementRow struct {
	seq      int64 // the capture's
	data     []byte
	checksum int64
}

// dest is where a row of judgementColumns is scanned to.
func (r *judgementRow) dest() []any { return []any{&r.seq, &r.data, &r.checksum} }

// identity returns what r holds, nil where that says nothing, or a *DamagedRowError.
func (r *judgementRow) identity(f *fingerprint) (*hook.Identity, error) {
	id, err := soundIdentity(f, r.seq, r.data, r.checksum)
	if err != nil || len(r.data) == 0 {
		return nil, &DamagedRowError{Seq: r.seq, What: "identity"}
	}
	return id, nil
}

// judgements returns what was made later of captures that meet a condition, by
// their seqs. A judgement that cannot be read is as if it had never been: the
// capture is worth more than what was made of it. Check tells of it.
func judgements(ctx context.Context, db querier, condition string, args ...any) (map[int64]*hook.Identity, error) {
	judged := map[int64]*hook.Identity{}
	err := readJudgements(ctx, db, judged, condition, args...)
	if isDamage(err) {
		err = nil
	}
	return judged, err
}

func readJudgements(ctx context.Context, db querier, to map[int64]*hook.Identity, condition string, args ...any) error {
	rows, err := db.QueryContext(ctx, `SELECT `+judgementColumns+` FROM identities WHERE `+condition, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var row judgementRow
	var print fingerprint
	dest := row.dest()
	for rows.Next() {
		if rows.Scan(dest...) != nil { // a value of a type that we never write
			continue
		}
		if id, err := row.identity(&print); err == nil {
			to[row.seq] = id
		}
	}
	return rows.Err()
}

// identitiesOf returns what is known of the captures seqs, by their seqs. What cannot be
// read is as if it were not known.
func identitiesOf(ctx context.Context, db querier, seqs []int64) (map[int64]*hook.Identity, error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	list := jsonList(seqs)
	known, err := cameWith(ctx, db, list)
	if err != nil && !isDamage(err) {
		return nil, err
	}
	judged, err := judgements(ctx, db, `seq IN (SELECT value FROM json_each(?))`, list)
	maps.Copy(known, judged)
	return known, err
}

// cameWith returns the identities that came with captures: with an error, those that
// were read before it.
func cameWith(ctx context.Context, db querier, list string) (map[int64]*hook.Identity, error) {
	known := map[int64]*hook.Identity{}
	rows, err := db.QueryContext(ctx, `SELECT seq, checksum, identity FROM captures WHERE seq IN (SELECT value FROM json_each(?))`, list)
	if err != nil {
		return known, err
	}
	defer rows.Close()
	var row captureRow
	var print fingerprint
	for rows.Next() {
		if rows.Scan(&row.seq, &row.checksum, &row.identity) != nil {
			continue
		}
		if id, err := row.known(&print); err == nil && id != nil {
			known[row.seq] = id
		}
	}
	return known, rows.Err()
}
