package store

import (
	"context"
	"fmt"
	"os"
	"slices"
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

// Downgrade makes the store in dir what an older hookctl would have made: what
// later versions added is lost.
func Downgrade(dir string, version int) error {
	return withSession(dir, func(ctx context.Context, s *session) error {
		added := []string{
			``,
			`DROP TABLE progress; DROP TABLE facets; DROP TABLE zones; DROP TABLE attempt_ids`,
			`DROP TABLE body_index; DROP TABLE body_opaque; UPDATE progress SET bodies_done = 0`,
			`ALTER TABLE captures DROP COLUMN identity; DROP TABLE identities;
				ALTER TABLE zones DROP COLUMN traits; ALTER TABLE zones DROP COLUMN places; ALTER TABLE zones DROP COLUMN tags`,
			`DROP TABLE validations; DROP TABLE drifts`,
			`DROP INDEX attempts_delivery; UPDATE attempts SET response_body = coalesce(answer, response_body);
				ALTER TABLE attempts DROP COLUMN delivery; ALTER TABLE attempts DROP COLUMN run; ALTER TABLE attempts DROP COLUMN try;
				ALTER TABLE attempts DROP COLUMN endpoint; ALTER TABLE attempts DROP COLUMN provider; ALTER TABLE attempts DROP COLUMN event;
				ALTER TABLE attempts DROP COLUMN acknowledged; ALTER TABLE attempts DROP COLUMN answer;
				ALTER TABLE meta DROP COLUMN delivery_floor;
				DROP TABLE deliveries; DROP TABLE messages; DROP TABLE standings; DROP TABLE runs`,
			`ALTER TABLE meta DROP COLUMN deletions`,
			`ALTER TABLE deliveries DROP COLUMN pace`,
		}
		for _, text := range slices.Backward(added[version:]) {
			if _, err := s.conn.ExecContext(ctx, text); err != nil {
				return err
			}
		}
		_, err := s.conn.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, version))
		return err
	})
}

// Zones is how many zones there are.
func (s *Store) Zones() (n int, err error) {
	err = s.readers.QueryRow(`SELECT count(*) FROM zones`).Scan(&n)
	return n, err
}

// SpoilZones makes what zones have of identities what we never write.
func SpoilZones(dir string) error {
	return withSession(dir, func(ctx context.Context, s *session) error {
		_, err := s.conn.ExecContext(ctx, `UPDATE zones SET traits = x'ff', places = 'text', tags = x'00'`)
		return err
	})
}

// CommitsWait reports whether the last commit of s waited for the disk.
func (s *Store) CommitsWait() (bool, error) {
	var mode int
	err := s.writer.session.conn.QueryRowContext(context.Background(), `PRAGMA synchronous`).Scan(&mode)
	return mode == 2, err
}

// Loose reports whether something that was committed may not be on the disk yet; s is closed.
func (s *Store) Loose() bool { return s.writer.syncer.loose }

// WasLoose is Loose for a store that is open. After it nothing is.
func (s *Store) WasLoose() (loose bool, err error) {
	err = s.writer.wait(context.Background(), inTurn(func() { loose = s.writer.syncer.loose }))
	return loose, err
}

// SpoilSyncs makes it fail to bring what is committed to the disk. Nothing was committed so far.
func (s *Store) SpoilSyncs(dir string) error {
	s.writer.syncer.place = folder(dir)
	return os.Mkdir(folder(dir).log(), 0o700)
}

// Hold makes the writer wait until release is called.
func (s *Store) Hold() (release func()) {
	holds, released := make(chan struct{}), make(chan struct{})
	s.writer.do(inTurn(func() { close(holds); <-released }))
	<-holds
	return func() { close(released) }
}

// Queued is how many jobs wait.
func (s *Store) Queued() int { return len(s.writer.queue) }

// Seen reports whether the capture seq is known to be there, as things are now.
func (s *Store) Seen(seq int64) (bool, error) {
	var deletions int64
	err := s.readers.QueryRow(`SELECT deletions FROM meta`).Scan(&deletions)
	return s.seen.has(deletions, seq), err
}

// An inTurn is called by the writer.
type inTurn func()

func (inTurn) weight() int64 { return 0 }

func (inTurn) lazy() bool { return false }

func (inTurn) committed() {}

func (do inTurn) write(context.Context, *session) error {
	do()
	return nil
}

// Among is the condition that a list of seqs comes to.
func Among(seqs ...int64) string {
	text, _ := among("seq", seqs)
	return text
}
