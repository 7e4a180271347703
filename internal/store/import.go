package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// Import stores c, which was kept elsewhere, under its own id and time, and
// returns once it is on disk, with c.Seq set. A capture whose id is in the store
// already is left out: added is false. Size and digest are computed from the body.
func (s *Store) Import(ctx context.Context, c *hook.Capture) (added bool, err error) {
	select {
	case done := <-s.ImportSoon(c):
		return done.Added, done.Err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// An Imported says what became of a capture that was to be imported.
type Imported struct {
	Added bool
	Err   error
}

// ImportSoon is Import for many captures in a row: those that are queued share a commit.
// The channel gets one value once c is on disk. Until then c must not be changed.
func (s *Store) ImportSoon(c *hook.Capture) <-chan Imported {
	result := make(chan Imported, 1)
	i := &importing{keeping: keeping{c: c}}
	if err := s.importable(c); err != nil {
		result <- Imported{Err: err}
		return result
	}
	done := s.writer.do(i)
	go func() {
		err := <-done
		result <- Imported{err == nil && !i.there, err}
	}()
	return result
}

// importable refuses what cannot be imported, and computes what must be known of c.
func (s *Store) importable(c *hook.Capture) error {
	switch {
	case s.writer == nil:
		return ErrReadOnly
	case !c.ID.Valid(hook.CapturePrefix):
		return fmt.Errorf("%q is not the id of a capture", c.ID)
	case c.Body == nil && c.BodySize > 0:
		return errors.New("the body is missing")
	}
	return digest(c)
}

// An importing is a keeping of what may be there already.
type importing struct {
	keeping
	there bool
}

func (i *importing) write(ctx context.Context, s *session) error {
	var err error
	if i.there, err = s.has(ctx, i.c.ID); err != nil || i.there {
		return err
	}
	return i.keeping.write(ctx, s)
}

// has reports whether there is a capture id.
func (s *session) has(ctx context.Context, id hook.ID) (bool, error) {
	done, err := readProgress(ctx, s.conn)
	if err != nil {
		return false, err
	}
	seq, err := s.recent.find(ctx, s, id, done.captures)
	if err != nil || seq > 0 {
		return seq > 0, err
	}
	ends := captureKind().indexed(idRef(strings.TrimPrefix(string(id), hook.CapturePrefix)))
	found, err := names(ctx, s.conn, ends[1]) // of ids made in one moment the beginnings are alike
	return len(found) > 0, err
}

func (i *importing) committed() {
	if !i.there {
		i.keeping.committed()
	}
}
