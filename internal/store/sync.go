package store

import (
	"context"
	"errors"
	"os"
	"strconv"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// syncEvery is how long after a commit that waited for the disk others need not.
const syncEvery = 50 * time.Millisecond

// longLog is how many pages the log may have after RecordSoon: some 32 MB.
const longLog = 8000

// RecordSoon is RecordNow for many attempts in a row. The channel gets nil once a survives
// the end of this process, however that comes. A loss of power may take all that was
// recorded since the last commit that waited for the disk, which is what came in a
// syncEvery, as long as more comes; when nothing does it is brought there after idleAfter,
// or twice that, and when the store is closed. To have each commit on the disk before the
// next takes more time than all else.
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

// flush brings to the disk what was committed without waiting for it. A checkpoint does
// not always: another process may be at one.
func (w *writer) flush() error {
	if !w.loose {
		return nil
	}
	log, err := os.OpenFile(w.folder.log(), os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) { // it was brought into the file, which was synced
		w.loose = false
		return nil
	}
	if err != nil {
		return explain(err)
	}
	err = errors.Join(log.Sync(), log.Close())
	w.loose = err != nil
	return explain(err)
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
