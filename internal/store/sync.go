package store

import (
	"context"
	"strconv"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// syncEvery is how long what RecordSoon has answered may be lost by a loss of power.
const syncEvery = 50 * time.Millisecond

// longLog is how many pages the log may have after RecordSoon: some 32 MB.
const longLog = 8000

// RecordSoon is RecordNow for many attempts in a row. The channel gets nil once a survives
// the end of this process, however that comes. A loss of power may take what was recorded
// in the last moments, about syncEvery: to have each commit on the disk before the next
// takes more time than all else.
func (s *Store) RecordSoon(a *hook.Attempt) <-chan error {
	if s.writer == nil {
		return refused()
	}
	return s.writer.do(&recording{a: a, soon: true})
}

// relaxed reports whether the batch may be on the disk a little later: nothing in it must
// be there at once, and what was committed before was there not long ago.
func (w *writer) relaxed() bool {
	for i := range w.batch {
		if r, ok := w.batch[i].task.(*recording); !ok || !r.soon {
			return false
		}
	}
	return time.Since(w.synced) < syncEvery
}

// settle makes the commits that follow wait for the disk, or not. It does nothing where
// they do so already.
func (s *session) settle(ctx context.Context, wait bool) error {
	if s.unsynced == !wait {
		return nil
	}
	mode := `PRAGMA synchronous = full`
	if !wait {
		// The log may grow: to bring it into the file means to wait for the disk, too, and
		// rows side by side then share that.
		mode = `PRAGMA synchronous = normal; PRAGMA wal_autocheckpoint = ` + strconv.Itoa(longLog)
	}
	if _, err := s.conn.ExecContext(ctx, mode); err != nil {
		return err
	}
	s.unsynced = !wait
	return nil
}
