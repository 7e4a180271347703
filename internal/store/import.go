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
	if s.writer == nil {
		return false, ErrReadOnly
	}
	if !c.ID.Valid(hook.CapturePrefix) {
		return false, fmt.Errorf("%q is not the id of a capture", c.ID)
	}
	if c.Body == nil && c.BodySize > 0 {
		return false, errors.New("the body is missing")
	}
	if err := digest(c); err != nil {
		return false, err
	}
	i := &importing{keeping: keeping{c: c}}
	err = s.writer.wait(ctx, i)
	return err == nil && !i.there, err
}

// An importing is a keeping of what may be there already.
type importing struct {
	keeping
	there bool
}

func (i *importing) write(ctx context.Context, s *session) error {
	ulid := strings.TrimPrefix(string(i.c.ID), hook.CapturePrefix)
	found, err := captureKind().named(ctx, s.conn, idRef(ulid))
	if err != nil {
		return err
	}
	if i.there = len(found) > 0; i.there {
		return nil
	}
	return i.keeping.write(ctx, s)
}

func (i *importing) committed() {
	if !i.there {
		i.keeping.committed()
	}
}
