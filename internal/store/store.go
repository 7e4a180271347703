// Package store keeps captures, deliveries and attempts on disk.
//
// What Keep, Record and the other writing methods have answered with nil is durable: it
// survives a kill and a loss of power. Any number of processes may use a store at once.
// Captures come back in the order of Seq, which is never used twice, byte for byte as they
// were kept; each record has a checksum of its own, so that damage to the file costs what
// is damaged and no more.
//
// A sender waits for Keep, so that does as little as can be: one row, no index,
// many rows to a commit. What lists and searches need is filled in afterwards;
// captures that are not that far yet are looked at one by one.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	_ "modernc.org/sqlite" // the driver
)

const (
	driverName = "sqlite"
	// maxReaders is how many reads go on at once.
	maxReaders = 4
)

// Options says how a store is used.
type Options struct {
	// ReadOnly never creates or changes anything.
	ReadOnly bool
	// Existing makes no store where there is none.
	Existing bool
	// Beside are patterns of the names that other things of the program have in the folder.
	// Where nothing else is in it, the folder is closed to others.
	Beside []string
	// OnError is told when writing began to fail, with the reason, and with nil when
	// it works again: once for each change. It must not call the store. May be nil.
	OnError func(error)
}

// A Store is an open store. It is safe for concurrent use.
type Store struct {
	folder  folder
	readers *sql.DB
	writer  *writer // nil for one opened to be read
	seen    sightings
	shared  fs.FileMode
	closing sync.Once
	closed  error
}

// Open opens the store in the folder dir, and makes both where there are none.
//
// Errors are ErrNotExist (only with ReadOnly or Existing), ErrOlder (only with ReadOnly),
// ErrReadOnly, ErrDamaged, ErrNewer, ErrUnsafe, ErrFull, or what the system says; all name
// dir.
func Open(dir string, o Options) (*Store, error) {
	s, err := open(context.Background(), dir, o)
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", dir, err)
	}
	return s, nil
}

func open(ctx context.Context, dir string, o Options) (*Store, error) {
	place, err := newFolder(dir)
	if err != nil {
		return nil, err
	}
	steps, err := currentSchema()
	if err != nil {
		return nil, err
	}
	err = place.inspect()
	if errors.Is(err, ErrNotExist) && !o.ReadOnly && !o.Existing {
		err = place.create(ctx, steps)
	}
	if err != nil {
		return nil, err
	}
	if o.ReadOnly {
		readers, err := openReadOnly(ctx, place, steps)
		return &Store{folder: place, readers: readers}, err
	}
	return openWritable(ctx, place, steps, o)
}

func openWritable(ctx context.Context, place folder, steps schema, o Options) (*Store, error) {
	shared, err := place.tighten(o.Beside)
	if err != nil {
		return nil, err
	}
	if err := place.writable(); err != nil {
		return nil, err
	}
	w, err := startWriter(ctx, place, steps, o.OnError)
	if err != nil {
		return nil, err
	}
	readers, err := openReaders(place, modeRead)
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	return &Store{folder: place, readers: readers, writer: w, shared: shared}, nil
}

// Shared is the mode of the store's folder, where that is open to others and was left so
// for what else is in it; 0 where it is for its owner alone, or was not looked at because
// the store was opened to be read. The files of the store are for their owner alone anyway.
func (s *Store) Shared() fs.FileMode { return s.shared }

// openReadOnly opens the store in place to be read. It must be up to date.
func openReadOnly(ctx context.Context, place folder, steps schema) (*sql.DB, error) {
	db, version, err := connectReadOnly(ctx, place, steps)
	if err == nil && version < len(steps) {
		err = fmt.Errorf("%w, in version %d of %d, and must be brought up to date where it can be written", ErrOlder, version, len(steps))
		return nil, errors.Join(err, db.Close())
	}
	return db, err
}

// connectReadOnly tries what asks least of the folder last: a store on a medium
// that cannot be written has nowhere to say that it is being read.
func connectReadOnly(ctx context.Context, place folder, steps schema) (db *sql.DB, version int, err error) {
	f, err := os.Open(place.file())
	if err != nil {
		return nil, 0, err
	}
	f.Close()
	var refused error
	for _, mode := range []string{modeRead, modeReadOnly, modeImmutable} {
		if mode == modeImmutable && !place.logEmpty() {
			return nil, 0, fmt.Errorf("%w, and its latest captures can only be read where it can: copy the folder and read the copy: %w", ErrReadOnly, refused)
		}
		db, err := openReaders(place, mode)
		if err != nil {
			return nil, 0, err
		}
		if version, err = steps.version(ctx, db); err == nil {
			return db, version, nil
		}
		db.Close()
		if refused = err; !isRefusal(err) {
			break
		}
	}
	return nil, 0, refused
}

func openReaders(place folder, mode string) (*sql.DB, error) {
	db, err := sql.Open(driverName, dsn(place.file(), mode))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(maxReaders)
	db.SetMaxIdleConns(maxReaders)
	return db, nil
}

// logEmpty reports whether all of the store is in its main file.
func (d folder) logEmpty() bool {
	info, err := os.Lstat(d.log())
	return err != nil || info.Size() == 0
}

// Close keeps what is still queued, and closes the store. Later calls return the
// same error.
func (s *Store) Close() error {
	s.closing.Do(func() {
		// The writer goes last: it is the one to tidy up the files.
		s.closed = s.readers.Close()
		if s.writer != nil {
			s.closed = errors.Join(s.closed, s.writer.close())
		}
	})
	return s.closed
}
