package store

import (
	"context"
	"maps"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// Judge puts id in the place of what was known of the capture seq, and returns
// once that is on disk. An id that is nil or zero takes it away. Where the capture
// is gone it returns a *NotFoundError.
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
	if _, err := s.conn.ExecContext(ctx, `DELETE FROM identities WHERE seq = ?`, j.seq); err != nil {
		return err
	}
	if err := s.identify(ctx, j.id, j.seq); err != nil {
		return err
	}
	// The facet of a capture that has none yet will be made of what is there then.
	f := newIdentityFacet(j.id)
	_, err = s.conn.ExecContext(ctx, `UPDATE facets SET provider = ?, event = ?, event_id = ?, outcome = ? WHERE seq = ?`,
		f.provider, f.event, f.eventID, f.outcome, j.seq)
	return err
}

// identify inserts id as that of the capture seq, unless it says nothing.
func (s *session) identify(ctx context.Context, id *hook.Identity, seq int64) error {
	if id == nil || id.IsZero() {
		return nil
	}
	row := &s.identity
	row.set(id)
	row.seq = seq
	row.checksum = row.fingerprint(&s.print)
	s.args = row.appendArgs(s.args[:0])
	return s.addIdentity.run(ctx, s.args)
}

// An identityFacet is what a facet has of an identity: its zero value where there is none.
type identityFacet struct {
	provider string // lower case
	event    string
	eventID  string
	outcome  int64
}

// The outcomes in facets. What counts as unchecked is a range.
const (
	outcomeNone = iota // no provider is known: there is nothing to verify by
	outcomeNotChecked
	outcomeVerified
	outcomeFailed
)

func newIdentityFacet(id *hook.Identity) identityFacet {
	if id == nil {
		return identityFacet{}
	}
	return identityFacet{
		provider: strings.ToLower(validText(id.Provider)), event: validText(id.Event.Type), eventID: validText(id.Event.ID),
		outcome: outcomeOf(id),
	}
}

func outcomeOf(id *hook.Identity) int64 {
	switch {
	case id.Provider == "":
		return outcomeNone
	case id.Verification == nil:
		return outcomeNotChecked
	case id.Verification.Outcome == hook.Verified:
		return outcomeVerified
	case id.Verification.Outcome == hook.Failed:
		return outcomeFailed
	}
	return outcomeNotChecked
}

// identitiesOf returns the identities of those of the captures seqs that have one.
// One that cannot be read is left out: the capture is worth more than what was
// made of it. Check tells of it.
func identitiesOf(ctx context.Context, db querier, seqs []int64) (map[int64]*hook.Identity, error) {
	all, err := readIdentities(ctx, db, seqs)
	if !isDamage(err) {
		return all, err
	}
	all = map[int64]*hook.Identity{}
	for _, seq := range seqs { // around the pages that cannot be read
		one, err := readIdentities(ctx, db, []int64{seq})
		if err != nil && !isDamage(err) {
			return nil, err
		}
		maps.Copy(all, one)
	}
	return all, nil
}

func readIdentities(ctx context.Context, db querier, seqs []int64) (map[int64]*hook.Identity, error) {
	rows, err := db.QueryContext(ctx, `SELECT `+identityColumns+` FROM identities
		WHERE seq IN (SELECT value FROM json_each(?))`, jsonList(seqs))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[int64]*hook.Identity{}
	var row identityRow
	var print fingerprint
	dest := row.dest(nil)
	for rows.Next() {
		if rows.Scan(dest...) != nil { // a value of a type that we never write
			continue
		}
		if id, err := row.identity(&print); err == nil {
			all[row.seq] = id
		}
	}
	return all, rows.Err()
}
