package store

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// bodySlice is how many bodies are indexed at once, if no capture comes meanwhile.
	bodySlice = 64
	// bodyRest is how many times as long as a slice took the writer then rests, so
	// that a long backlog does not take a processor for itself.
	bodyRest = 3
)

// indexBodies brings the body index a little further, until stop says that
// somebody waits. It returns after how long there is more to do, or 0.
func (s *session) indexBodies(ctx context.Context, stop func() bool) (time.Duration, error) {
	began := time.Now()
	more := false
	err := s.transact(ctx, func(ctx context.Context) error {
		done, err := readProgress(ctx, s.conn)
		if err != nil {
			return err
		}
		if done.bodies >= done.captures {
			return nil
		}
		more = true
		last, err := s.addBodies(ctx, done, stop)
		if err != nil {
			return err
		}
		_, err = s.conn.ExecContext(ctx, `UPDATE progress SET bodies_done = ?`, last)
		return err
	})
	if err != nil || !more {
		return 0, explain(err)
	}
	return max(bodyRest*time.Since(began), sliceEvery), nil
}

// addBodies indexes the bodies of the next captures and returns the last seq done.
func (s *session) addBodies(ctx context.Context, done progress, stop func() bool) (int64, error) {
	rows, err := s.conn.QueryContext(ctx, `SELECT seq, body_size, CASE WHEN body_size <= ? THEN body END
		FROM captures WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`, maxInline, done.bodies, done.captures, bodySlice)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next() && (n == 0 || !stop()); n++ {
		var size int64
		var body []byte
		if rows.Scan(&done.bodies, &size, &body) != nil {
			size, body = 1, nil // read it when it is searched for, and say what is wrong
		}
		if err := s.addBody(ctx, done.bodies, size, body); err != nil {
			return 0, err
		}
	}
	if n == 0 { // the rest was deleted
		return done.captures, rows.Err()
	}
	return done.bodies, rows.Err()
}

func (s *session) addBody(ctx context.Context, seq, size int64, body []byte) error {
	var err error
	switch {
	case size == 0:
	case isText(body):
		_, err = s.conn.ExecContext(ctx, `INSERT INTO body_index (rowid, body) VALUES (?, ?)`, seq, string(body))
	default:
		_, err = s.conn.ExecContext(ctx, `INSERT OR IGNORE INTO body_opaque (seq) VALUES (?)`, seq)
	}
	return err
}

// isText reports whether the index can take body: what it reads ends at a zero byte.
func isText(body []byte) bool {
	return len(body) > 0 && bytes.IndexByte(body, 0) < 0 && utf8.Valid(body)
}

const (
	// gram is how many characters the index knows bodies by.
	gram = 3
	// maxGrams is how many pieces of a text are looked up: more hardly narrow.
	maxGrams = 8
)

// grams returns the index's expression for what a body that has text in it must
// have; "" where the index cannot tell.
func grams(text string) string {
	if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
		return ""
	}
	runes := []rune(text)
	var terms []string
	count := len(runes) - gram + 1
	for i := range min(count, maxGrams) {
		at := i * (count - 1) / max(min(count, maxGrams)-1, 1) // spread over the text
		piece := string(runes[at : at+gram])
		terms = append(terms, `"`+strings.ReplaceAll(piece, `"`, `""`)+`"`)
	}
	slices.Sort(terms)
	return strings.Join(slices.Compact(terms), " AND ")
}

// bodySources returns sources that have all captures in facets whose body may
// have text in it; false where the index cannot tell.
func bodySources(text string, done progress) ([]source, bool) {
	expression := grams(text)
	if expression == "" {
		return nil, false
	}
	return []source{
		statement{`SELECT seq FROM (SELECT rowid AS seq FROM body_index WHERE body_index MATCH ?) WHERE`, []any{expression}},
		statement{`SELECT seq FROM body_opaque WHERE`, nil},
		statement{`SELECT seq FROM facets WHERE seq > ? AND`, []any{done.bodies}},
	}, true
}
