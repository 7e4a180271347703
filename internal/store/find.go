package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// maxCandidates is how many ids an AmbiguousError names.
const maxCandidates = 10

// A kind is what a reference can be to: a table of records, and the one that has
// the ends of their ids, as far as done says. Without one the records have an index of
// their own by id.
type kind struct {
	prefix  string
	records string
	ends    string
	done    func(progress) int64
}

func captureKind() kind {
	return kind{hook.CapturePrefix, "captures", "facets", func(p progress) int64 { return p.captures }}
}

func attemptKind() kind {
	return kind{hook.AttemptPrefix, "attempts", "attempt_ids", func(p progress) int64 { return p.attempts }}
}

func deliveryKind() kind { return kind{prefix: hook.DeliveryPrefix, records: "deliveries"} }

// Find returns the capture that ref names: a whole id, or the first or last
// characters of one as long as no other has them, in any case, with or without
// "cap_"; "last" is the newest, "last~2" the second before it.
//
// Errors are a *NotFoundError, an *AmbiguousError or a *DamagedRowError.
func (s *Store) Find(ctx context.Context, ref string) (*hook.Capture, error) {
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, explain(err)
	}
	defer tx.Rollback()
	seq, err := captureKind().resolve(ctx, tx, ref)
	if err != nil {
		return nil, s.missed(err)
	}
	found, err := load(ctx, tx, bodySource{db: s.readers}, ascending, []int64{seq})
	if err != nil {
		return nil, explain(err)
	}
	if len(found) == 0 {
		return nil, &NotFoundError{Ref: ref, Prefix: hook.CapturePrefix}
	}
	return found[0].capture, found[0].err
}

// missed is why a reference has led to nothing, with where the store is.
func (s *Store) missed(err error) error {
	var missing *NotFoundError
	if errors.As(err, &missing) && missing.Empty {
		missing.Dir = string(s.folder)
	}
	return explain(err)
}

// resolve returns the seq of what ref names.
func (k kind) resolve(ctx context.Context, db querier, ref string) (int64, error) {
	seq, err := k.search(ctx, db, ref)
	var missing *NotFoundError
	if errors.As(err, &missing) {
		err := db.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM `+k.records+`)`).Scan(&missing.Empty)
		if err != nil {
			return 0, err
		}
	}
	return seq, err
}

func (k kind) search(ctx context.Context, db querier, ref string) (int64, error) {
	if back, ok := parseLast(ref); ok {
		return k.last(ctx, db, back, ref)
	}
	part, ok := newIDRef(ref, k.prefix)
	if !ok {
		return 0, &NotFoundError{Ref: ref, Prefix: k.prefix}
	}
	found, err := k.named(ctx, db, part)
	if err != nil {
		return 0, err
	}
	switch len(found) {
	case 0:
		return 0, &NotFoundError{Ref: ref, Prefix: k.prefix}
	case 1:
		return found[0].seq, nil
	}
	ambiguous := &AmbiguousError{Ref: ref, More: len(found) > maxCandidates}
	for _, f := range found[:min(len(found), maxCandidates)] {
		ambiguous.Candidates = append(ambiguous.Candidates, f.id)
	}
	return 0, ambiguous
}

// parseLast reads "last" and "last~N": how many are newer than the one meant.
func parseLast(ref string) (back int64, ok bool) {
	rest, ok := strings.CutPrefix(strings.ToLower(ref), "last")
	if !ok || rest == "" {
		return 0, ok
	}
	if rest, ok = strings.CutPrefix(rest, "~"); !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(rest, 10, 62)
	return int64(n), err == nil
}

// last returns the seq of the record before which there are back newer ones.
func (k kind) last(ctx context.Context, db querier, back int64, ref string) (seq int64, err error) {
	err = db.QueryRowContext(ctx, `SELECT seq FROM `+k.records+` ORDER BY seq DESC LIMIT 1 OFFSET ?`, back).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, &NotFoundError{Ref: ref, Prefix: k.prefix}
	}
	return seq, err
}

// A name is an id and its place.
type name struct {
	seq int64
	id  hook.ID
}

// named returns records whose id begins or ends with part, newest first: all of
// them, or more than maxCandidates.
func (k kind) named(ctx context.Context, db querier, part idRef) ([]name, error) {
	searches, err := k.searches(ctx, db, part)
	if err != nil {
		return nil, err
	}
	var all []name
	for _, search := range searches {
		found, err := names(ctx, db, search)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b name) int { return descending.compare(a.seq, b.seq) })
	return slices.Compact(all), nil
}

// searches are statements that together find the records whose id begins or ends with part.
func (k kind) searches(ctx context.Context, db querier, part idRef) ([]statement, error) {
	if k.ends == "" {
		first := k.prefix + string(part)
		return []statement{
			{`SELECT seq, id FROM ` + k.records + ` WHERE id BETWEEN ? AND ? LIMIT ?`, []any{first, first + "~", maxCandidates + 1}},
			{`SELECT seq, id FROM ` + k.records + ` WHERE substr(id, -length(?1)) = ?1 LIMIT ?2`, []any{string(part), maxCandidates + 1}},
		}, nil
	}
	done, err := readProgress(ctx, db)
	if err != nil {
		return nil, err
	}
	return append(k.indexed(part), statement{
		`SELECT r.seq, r.id FROM ` + k.records + ` AS r WHERE r.seq > ?2 AND (` + startsWith + ` OR ` + endsWith + `) LIMIT ?3`,
		[]any{string(part), k.done(done), maxCandidates + 1},
	}), nil
}

// Conditions for an id r.id that begins, or ends, with the first argument.
const (
	startsWith = `substr(r.id, 5, length(?1)) = ?1`
	endsWith   = `substr(r.id, -length(?1)) = ?1`
)

// indexed are the searches by the beginning and by the end of an id, as far as the index is.
func (k kind) indexed(part idRef) []statement {
	heads, tails := part.heads(), part.tails()
	byEnd := `SELECT r.seq, r.id FROM ` + k.ends + ` AS e JOIN ` + k.records + ` AS r ON r.seq = e.seq WHERE e.%s BETWEEN ?2 AND ?3 AND %s LIMIT ?4`
	return []statement{
		{fmt.Sprintf(byEnd, "head", startsWith), []any{string(part), heads.lo, heads.hi, maxCandidates + 1}},
		{fmt.Sprintf(byEnd, "tail", endsWith), []any{string(part), tails.lo, tails.hi, maxCandidates + 1}},
	}
}

func names(ctx context.Context, db querier, s statement) ([]name, error) {
	rows, err := db.QueryContext(ctx, s.text, s.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []name
	for rows.Next() {
		var n name
		if err := rows.Scan(&n.seq, &n.id); err != nil {
			return nil, err
		}
		found = append(found, n)
	}
	return found, rows.Err()
}
