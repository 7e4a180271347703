package store

import (
	"context"
	"fmt"
)

// IndexAll brings the indexes of the store in dir up to date, as an idle writer does.
func IndexAll(dir string) error {
	return withSession(dir, func(ctx context.Context, s *session) error {
		for {
			if pause, err := s.index(ctx, func() bool { return false }); err != nil || pause == 0 {
				return err
			}
		}
	})
}

// IndexFacets does so for facets, not for bodies.
func IndexFacets(dir string) error {
	return withSession(dir, func(ctx context.Context, s *session) error {
		for {
			if more, err := s.indexFacets(ctx, idleSlice); err != nil || !more {
				return err
			}
		}
	})
}

// Synchronous is how the writer's connection syncs: 2 is every commit.
func Synchronous(dir string) (n int, err error) {
	err = withSession(dir, func(ctx context.Context, s *session) error {
		return s.conn.QueryRowContext(ctx, `PRAGMA synchronous`).Scan(&n)
	})
	return n, err
}

// withSession runs do on a connection of its own to the store in dir.
func withSession(dir string, do func(context.Context, *session) error) error {
	ctx := context.Background()
	place, err := newFolder(dir)
	if err != nil {
		return err
	}
	steps, err := currentSchema()
	if err != nil {
		return err
	}
	s, err := openSession(ctx, place.file(), steps)
	if err != nil {
		return err
	}
	defer s.close()
	return do(ctx, s)
}

// Indexed is the seq of the last capture whose body is indexed.
func (s *Store) Indexed() int64 {
	done, err := readProgress(context.Background(), s.readers)
	if err != nil {
		return -1
	}
	return done.bodies
}

// LimitPages makes the disk full for s when its file has n pages; 0 gives it n more
// than there could be.
func (s *Store) LimitPages(n int64) error {
	if n == 0 {
		n = 1 << 30
	}
	return s.writer.wait(context.Background(), pageLimit(n))
}

type pageLimit int64

func (pageLimit) weight() int64 { return 0 }

func (pageLimit) lazy() bool { return false }

func (pageLimit) committed() {}

func (n pageLimit) write(ctx context.Context, s *session) error {
	_, err := s.conn.ExecContext(ctx, fmt.Sprintf(`PRAGMA max_page_count = %d`, n))
	return err
}

// Versions returns how many migrations there are.
func Versions() int {
	steps, err := currentSchema()
	if err != nil {
		return 0
	}
	return len(steps)
}

// MakeVersion makes a store in dir as the first version migrations left it.
func MakeVersion(dir string, version int) error {
	ctx := context.Background()
	place, err := newFolder(dir)
	if err != nil {
		return err
	}
	steps, err := currentSchema()
	if err != nil {
		return err
	}
	for len(steps) < version {
		steps = append(steps, `SELECT 1`)
	}
	return place.create(ctx, steps[:version])
}
