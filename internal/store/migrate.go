package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
)

// The schema is the sum of the numbered files. A file that was released is never
// changed: a new one is added.
//
//go:embed migrations/*.sql
var migrations embed.FS

// applicationID is the mark of our files in SQLite's header: "hook".
const applicationID = 0x686f6f6b

// absurdVersion is one that no hookctl has come to: it is damage.
const absurdVersion = 10_000

// A schema is a list of migrations: the version of a file is how many were applied.
type schema []string

// currentSchema reads the embedded migrations in the order of their names.
func currentSchema() (schema, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	steps := make(schema, len(names))
	for i, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		steps[i] = string(text)
	}
	return steps, nil
}

// version returns the version of the file that conn has open. It returns
// ErrDamaged where that is no file of ours, ErrNewer where it is past s.
func (s schema) version(ctx context.Context, conn querier) (int, error) {
	var mark, version int
	if err := conn.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&mark); err != nil {
		return 0, explain(err)
	}
	if err := conn.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return 0, explain(err)
	}
	switch {
	case mark != applicationID || version < 1 || version > absurdVersion:
		return 0, fmt.Errorf("%w: the file does not begin as one of hookctl's", ErrDamaged)
	case version > len(s):
		return 0, fmt.Errorf("%w: its version is %d, known are 1 to %d", ErrNewer, version, len(s))
	}
	return version, nil
}

// migrate brings the file that conn has open up to date. Of two processes that
// come at once the second waits, and finds it done.
func (s schema) migrate(ctx context.Context, conn *sql.Conn) error {
	version, err := s.version(ctx, conn)
	if err != nil || version == len(s) {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return explain(err)
	}
	defer tx.Rollback()
	if version, err = s.version(ctx, tx); err != nil {
		return err
	}
	if err := s.apply(ctx, tx, version); err != nil {
		return err
	}
	return explain(tx.Commit())
}

// apply runs the migrations past version.
func (s schema) apply(ctx context.Context, tx *sql.Tx, version int) error {
	for i := version; i < len(s); i++ {
		if _, err := tx.ExecContext(ctx, s[i]); err != nil {
			return fmt.Errorf("migration %d: %w", i+1, explain(err))
		}
	}
	mark := fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = %d`, applicationID, len(s))
	_, err := tx.ExecContext(ctx, mark)
	return explain(err)
}

// A querier is a connection or a transaction to read by.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}
