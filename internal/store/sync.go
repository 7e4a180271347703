package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strconv"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// syncEvery is how often commits that did not wait for the disk are brought there.
const syncEvery = 50 * time.Millisecond

const (
	// longLog is the size from which the log is brought into the main file aside of the
	// commits, in bytes.
	longLog = 4 << 20
	// longestLog is how many pages the log may have after RecordSoon until a commit does
	// that: some 32 MB.
	longestLog = 8000
)

// RecordSoon is RecordNow for many attempts in a row. The channel gets nil once a survives
// the end of this process, however that comes. A loss of power may take what was recorded
// in the last syncEvery and while that was being brought to the disk, as long as more
// comes; when nothing does the rest follows after idleAfter, or twice that, and when the
// store is closed. To have each commit on the disk before the next takes more time than
// all else.
//
// company is how many callers record side by side: a is held back for a moment, to go
// along with theirs.
func (s *Store) RecordSoon(a *hook.Attempt, company int) <-chan error {
	if s.writer == nil {
		return refused()
	}
	return s.writer.do(&recording{a: a, soon: true, company: company, seen: &s.seen})
}

// soonEnough reports whether the batch may be on the disk a little later: nothing in it
// must be there at once.
func (w *writer) soonEnough() bool {
	for i := range w.batch {
		if r, ok := w.batch[i].task.(*recording); !ok || !r.soon {
			return false
		}
	}
	return true
}

// A syncer brings to the disk what was committed without waiting for it.
type syncer struct {
	place  folder
	loose  bool       // some commits may not be there yet
	begun  time.Time  // when that was last seen to
	done   chan error // of what is being brought there; nil for nothing
	failed error      // what that failed with, until it is told
}

// committed is told of each commit, and whether that waited for the disk. Where it did
// not, what was committed in a syncEvery is brought there at once, while others are made.
func (s *syncer) committed(waited bool) {
	if waited {
		s.loose, s.begun = false, time.Now()
		return
	}
	s.loose = true
	if s.done == nil && time.Since(s.begun) >= syncEvery {
		s.begun = time.Now()
		done := make(chan error, 1)
		s.done = done
		go func() { done <- s.place.bring() }()
	}
}

// failure tells once that something which was committed could not be brought to the disk.
// What the system did not write then it may never write, and not mention again.
func (s *syncer) failure() error {
	select {
	case err := <-s.done:
		s.done, s.failed = nil, errors.Join(s.failed, err)
	default:
	}
	err := s.failed
	s.failed = nil
	return err
}

// bring brings the log to the disk, and where it is long into the main file: otherwise a
// commit has to wait for that, or the end.
func (d folder) bring() error {
	if err := syncFile(d.log()); err != nil {
		return err
	}
	if info, err := os.Stat(d.log()); err == nil && info.Size() > longLog {
		d.shorten()
	}
	return nil
}

// shorten brings the log into the main file as far as that can be done without waiting
// for anybody. Where it cannot, a later commit will.
func (d folder) shorten() {
	db, err := sql.Open(driverName, dsn(d.file(), modeWrite))
	if err != nil {
		return
	}
	_, _ = db.Exec(`PRAGMA wal_checkpoint(PASSIVE)`)
	_ = db.Close()
}

// flush returns when all that was committed is on the disk. A checkpoint does not always
// see to that: another process may be at one.
func (s *syncer) flush() error {
	if s.done != nil {
		s.failed = errors.Join(s.failed, <-s.done)
		s.done = nil
	}
	if s.loose {
		err := syncFile(s.place.log())
		s.loose, s.failed = err != nil, errors.Join(s.failed, err)
	}
	return s.failure()
}

// syncFile brings the file at path to the disk. One that is not there was brought into
// another, which was synced.
func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return explain(err)
	}
	return explain(errors.Join(file.Sync(), file.Close()))
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
		mode = `PRAGMA synchronous = normal; PRAGMA wal_autocheckpoint = ` + strconv.Itoa(longestLog)
	}
	if _, err := s.conn.ExecContext(ctx, mode); err != nil {
		return err
	}
	s.unsynced = !wait
	return nil
}
