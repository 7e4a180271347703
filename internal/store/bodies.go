package store

import (
	"context"
	"crypto/sha256"
	"iter"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// loadLen and loadBytes bound the bodies that WithBodies reads at once.
	loadLen   = 64
	loadBytes = 4 << 20
)

// WithBodies goes over captures that Captures lists and reads the bodies of several at
// once into memory: a query for each costs more than all else that a list does. Large
// bodies, and those that cannot be read, stay as they are: Open says what is wrong.
func (s *Store) WithBodies(ctx context.Context, captures iter.Seq2[*hook.Capture, error]) iter.Seq2[*hook.Capture, error] {
	return func(yield func(*hook.Capture, error) bool) {
		var group []*hook.Capture
		size := int64(0)
		emit := func() bool {
			if err := s.loadBodies(ctx, group); err != nil {
				yield(nil, explain(err))
				return false
			}
			for _, c := range group {
				if !yield(c, nil) {
					return false
				}
			}
			group, size = group[:0], 0
			return true
		}
		for c, err := range captures {
			if err != nil {
				if !emit() || !yield(nil, err) {
					return
				}
				continue
			}
			group = append(group, c)
			if c.BodySize <= maxInline {
				size += c.BodySize
			}
			if (len(group) == loadLen || size >= loadBytes) && !emit() {
				return
			}
		}
		emit()
	}
}

// loadBodies reads the bodies of captures that are in one piece.
func (s *Store) loadBodies(ctx context.Context, captures []*hook.Capture) error {
	waiting := make(map[int64]*hook.Capture, len(captures))
	var seqs []int64
	for _, c := range captures {
		if kept, ok := c.Body.(*keptBody); ok && kept.size <= maxInline {
			waiting[c.Seq] = c
			seqs = append(seqs, c.Seq)
		}
	}
	if len(seqs) == 0 {
		return nil
	}
	rows, err := s.readers.QueryContext(ctx, `SELECT seq, body FROM captures WHERE seq IN (SELECT value FROM json_each(?))`, jsonList(seqs))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var body []byte
		if rows.Scan(&seq, &body) != nil {
			continue
		}
		if c := waiting[seq]; sha256.Sum256(body) == c.BodySHA256 {
			c.Body = hook.Bytes(body)
		}
	}
	return rows.Err()
}
