package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// maxKeptFaults is how many faults of a validation are kept.
	maxKeptFaults = 20
	// noValidity stands for a capture that was held against nothing.
	noValidity = 0
)

// Assess queues v, what was found of a capture that is kept, to be stored beside it.
// The channel gets nil once it is on disk. The first 20 faults are kept. Where the
// capture was deleted meanwhile nothing is.
func (s *Store) Assess(seq int64, v *hook.Validation) <-chan error {
	if s.writer == nil {
		return refused()
	}
	return s.writer.do(&assessment{seq: seq, v: v})
}

// An assessment is a validation on its way to disk.
type assessment struct {
	seq int64
	v   *hook.Validation
}

func (a *assessment) weight() int64 { return rowWeight + int64(len(a.v.Faults))*rowWeight }

func (*assessment) lazy() bool { return true }

func (*assessment) committed() {}

func (a *assessment) write(ctx context.Context, s *session) error { return s.assess(ctx, a.v, a.seq) }

// assess keeps v as what was found of the capture seq.
func (s *session) assess(ctx context.Context, v *hook.Validation, seq int64) error {
	value, err := json.Marshal(kept(v))
	if err != nil {
		return err
	}
	_, err = s.conn.ExecContext(ctx, `INSERT OR REPLACE INTO validations (seq, outcome, value)
		SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM captures WHERE seq = ?1)`, seq, validityCode(v.Outcome), string(value))
	return err
}

// kept is v as far as it is kept.
func kept(v *hook.Validation) *hook.Validation {
	k := *v
	k.Reason, k.Schema = bounded(v.Reason), bounded(v.Schema)
	n := min(len(v.Faults), maxKeptFaults)
	k.Faults, k.More = make([]hook.Fault, n), v.More+len(v.Faults)-n
	for i, f := range v.Faults[:n] {
		f.Pointer, f.Rule, f.Message = bounded(f.Pointer), bounded(f.Rule), bounded(f.Message)
		k.Faults[i] = f
	}
	return &k
}

// validities are the outcomes in the order of their numbers, from 1.
func validities() []hook.Validity {
	return []hook.Validity{hook.Valid, hook.ValidEnvelope, hook.Invalid, hook.NotJSON, hook.NoSchema}
}

func validityCode(v hook.Validity) int {
	return slices.Index(validities(), v) + 1
}

// addValidations sets the validations of those of the captures seqs in page that have
// one. They can be worked out again: one that cannot be read is as if it were not there.
func addValidations(ctx context.Context, db querier, page []loaded, seqs []int64) error {
	found := map[int64]*hook.Validation{}
	err := readValidations(ctx, db, found, seqs)
	if isDamage(err) {
		err = nil
	}
	for _, l := range page {
		if l.err == nil {
			l.capture.Validation = found[l.capture.Seq]
		}
	}
	return err
}

func readValidations(ctx context.Context, db querier, to map[int64]*hook.Validation, seqs []int64) error {
	these, args := among(`seq`, seqs)
	_, err := validationsWhere(ctx, db, to, these, args...)
	return err
}

// validationsWhere adds the validations that meet a condition, and returns the last seq
// that was read.
func validationsWhere(ctx context.Context, db querier, to map[int64]*hook.Validation, condition string, args ...any) (last int64, err error) {
	rows, err := db.QueryContext(ctx, `SELECT seq, value FROM validations WHERE `+condition, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var value string
		v := &hook.Validation{}
		if rows.Scan(&last, &value) == nil && json.Unmarshal([]byte(value), v) == nil {
			to[last] = v
		}
	}
	return last, rows.Err()
}

// validTerm is a set of outcomes, by their numbers; noValidity stands for none.
type validTerm []int

func (t validTerm) match(c *hook.Capture) (bool, error) {
	if c.Validation == nil {
		return t.has(noValidity), nil
	}
	return t.has(validityCode(c.Validation.Outcome)), nil
}

func (t validTerm) may(f *facet) bool { return t.has(f.validity) }

func (t validTerm) exact() bool { return true }

func (t validTerm) has(code int) bool {
	return slices.Contains(t, code)
}

// others are the outcomes that are not in t.
func (t validTerm) others() validTerm {
	var others validTerm
	for code := noValidity; code <= len(validities()); code++ {
		if !t.has(code) {
			others = append(others, code)
		}
	}
	return others
}

// sources has the captures in facets with those outcomes, by their index; false where
// no index has them: those that were held against nothing have no row.
func (t validTerm) sources(done progress) ([]source, bool) {
	var all []source
	for _, code := range t {
		if code == noValidity {
			return nil, false
		}
		all = append(all, statement{`SELECT seq FROM validations WHERE outcome = ? AND seq <= ? AND`, []any{code, done.captures}})
	}
	return all, true
}

// parseValid reads the value of valid:.
func parseValid(value string) (term, error) {
	switch value {
	case "yes":
		return validTerm{validityCode(hook.Valid), validityCode(hook.ValidEnvelope)}, nil
	case "no":
		return validTerm{validityCode(hook.Invalid), validityCode(hook.NotJSON)}, nil
	case "unchecked":
		return validTerm{noValidity, validityCode(hook.NoSchema)}, nil
	}
	if code := validityCode(hook.Validity(value)); code != noValidity {
		return validTerm{code}, nil
	}
	return nil, fmt.Errorf("valid: want yes, no or unchecked, or one of valid, invalid, envelope, not_json and no_schema, got %q", value)
}
