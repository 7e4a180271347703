package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// A session is the writer's connection with its statements prepared, and the
// buffers that it uses again for each row.
type session struct {
	db    *sql.DB
	conn  *sql.Conn
	stmts []*sql.Stmt // all of those below: a connection does not close them by itself

	begin, commit, rollback     *sql.Stmt
	last                        *sql.Stmt
	addCapture                  *direct
	addAttempt, addPlain        *direct
	addSeen                     *direct
	addDelivery, updateDelivery *direct
	addChunk                    *sql.Stmt
	addMessage, addStanding     *sql.Stmt
	hasCapture                  *sql.Stmt
	deliveryByID, standingOf    *sql.Stmt
	mark, unmark, backToTheMark *sql.Stmt

	// The last seqs in use and how often captures were deleted, within a transaction; and
	// how far the facets are, which another process may have brought further.
	lastCapture, lastAttempt, lastDelivery int64
	deletions                              int64
	indexed                                int64
	unsynced                               bool // commits do not wait for the disk
	// recent spares imports a look at each capture that the index does not have yet.
	recent recentIDs

	capture  captureRow
	attempt  attemptRow
	delivery deliveryRow
	print    fingerprint
	args     []any
}

// openSession connects to the file at path, brings it up to date and prepares.
func openSession(ctx context.Context, path string, steps schema) (_ *session, err error) {
	db, err := sql.Open(driverName, dsn(path, modeWrite))
	if err != nil {
		return nil, err
	}
	s := &session{db: db}
	defer func() {
		if err != nil {
			err = errors.Join(explain(err), s.close())
		}
	}()
	if s.conn, err = db.Conn(ctx); err != nil {
		return nil, err
	}
	if err := steps.migrate(ctx, s.conn); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	err = s.conn.QueryRowContext(ctx, `SELECT captures_done, (SELECT coalesce(max(seq), 0) FROM captures) FROM progress`).
		Scan(&s.indexed, &s.lastCapture)
	return s, err
}

func (s *session) prepare(ctx context.Context) error {
	for _, p := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&s.begin, `BEGIN IMMEDIATE`},
		{&s.commit, `COMMIT`},
		{&s.rollback, `ROLLBACK`},
		{&s.last, `SELECT max(capture_floor, coalesce((SELECT max(seq) FROM captures), 0)),
			max(attempt_floor, coalesce((SELECT max(seq) FROM attempts), 0)),
			max(delivery_floor, coalesce((SELECT max(seq) FROM deliveries), 0)), deletions FROM meta`},
		{&s.addChunk, `INSERT INTO body_chunks (capture_seq, n, data) VALUES (?, ?, ?)`},
		{&s.addMessage, `INSERT INTO messages (` + messageColumns + `) VALUES (?, ?, ?)`},
		{&s.addStanding, `INSERT INTO standings (place, standing, checksum) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET standing = excluded.standing, checksum = excluded.checksum`},
		{&s.hasCapture, `SELECT EXISTS (SELECT 1 FROM captures WHERE seq = ?)`},
		{&s.deliveryByID, `SELECT ` + deliveryColumns + ` FROM deliveries WHERE id = ?`},
		{&s.standingOf, `SELECT ` + standingColumns + ` FROM standings WHERE place = ?`},
		{&s.mark, `SAVEPOINT mark`},
		{&s.unmark, `RELEASE mark`},
		{&s.backToTheMark, `ROLLBACK TO mark`},
	} {
		var err error
		if *p.stmt, err = s.conn.PrepareContext(ctx, p.text); err != nil {
			return err
		}
		s.stmts = append(s.stmts, *p.stmt)
	}
	return s.prepareDirects(ctx)
}

// prepareDirects prepares what is run for each row of many.
func (s *session) prepareDirects(ctx context.Context) error {
	for _, p := range []struct {
		stmt **direct
		text string
	}{
		{&s.addCapture, insertCapture},
		{&s.addAttempt, insertAttempt},
		{&s.addPlain, insertPlain},
		{&s.addSeen, insertSeen},
		{&s.addDelivery, insertDelivery},
		{&s.updateDelivery, updateDelivery},
	} {
		var err error
		if *p.stmt, err = prepareDirect(ctx, s.conn, p.text); err != nil {
			return err
		}
	}
	return nil
}

// close gives the connection up. The last process to do so tidies up the files.
func (s *session) close() error {
	var err error
	for _, stmt := range []*direct{s.addCapture, s.addAttempt, s.addPlain, s.addSeen, s.addDelivery, s.updateDelivery} {
		err = errors.Join(err, stmt.close())
	}
	for _, stmt := range s.stmts {
		err = errors.Join(err, stmt.Close())
	}
	if s.conn != nil {
		err = errors.Join(err, s.conn.Close())
	}
	return explain(errors.Join(err, s.db.Close()))
}

// tidy brings the log into the main file as far as that can be done without
// waiting for anybody. It is done when there is nothing else to do, so that no
// sender waits for it; the database does it by itself only when the log gets long.
func (s *session) tidy() {
	_, _ = s.conn.ExecContext(context.Background(), `PRAGMA wal_checkpoint(PASSIVE)`)
}

// checkpoint brings the log into the main file, unless others are at work: then
// one of them will.
func (s *session) checkpoint() {
	_, _ = s.conn.ExecContext(context.Background(), `PRAGMA busy_timeout = 100; PRAGMA wal_checkpoint(TRUNCATE)`)
}

// transact runs do in a transaction and makes it durable.
func (s *session) transact(ctx context.Context, do func(context.Context) error) error {
	if _, err := s.begin.ExecContext(ctx); err != nil {
		return fmt.Errorf("beginning to write: %w", err)
	}
	err := s.last.QueryRowContext(ctx).Scan(&s.lastCapture, &s.lastAttempt, &s.lastDelivery, &s.deletions)
	if err == nil {
		err = do(ctx)
	}
	if err == nil {
		_, err = s.commit.ExecContext(ctx)
	}
	if err != nil {
		// Fails where the database has done so by itself.
		_, _ = s.rollback.ExecContext(ctx)
	}
	return err
}

// guarded runs do, and undoes what it did when it fails.
func (s *session) guarded(ctx context.Context, do func() error) error {
	if _, err := s.mark.ExecContext(ctx); err != nil {
		return err
	}
	failure := do()
	if failure != nil {
		if _, err := s.backToTheMark.ExecContext(ctx); err != nil {
			return errors.Join(failure, err)
		}
	}
	_, err := s.unmark.ExecContext(ctx)
	return errors.Join(failure, err)
}
