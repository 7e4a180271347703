package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
)

// A direct statement goes to the driver without database/sql in between, which
// would check and copy every argument of every row again: measured, 0.7 of the
// 11 µs of processor time that a row takes. Its arguments must be driver values as
// they are.
type direct struct {
	conn  *sql.Conn
	stmt  driver.Stmt
	exec  driver.StmtExecContext
	named []driver.NamedValue // used again for each row
}

func prepareDirect(ctx context.Context, conn *sql.Conn, text string) (*direct, error) {
	d := &direct{conn: conn}
	err := conn.Raw(func(raw any) (err error) {
		preparer, ok := raw.(driver.ConnPrepareContext)
		if !ok {
			return errors.New("the driver prepares no statements")
		}
		if d.stmt, err = preparer.PrepareContext(ctx, text); err != nil {
			return err
		}
		if d.exec, ok = d.stmt.(driver.StmtExecContext); !ok {
			return errors.New("the driver's statements take no context")
		}
		return nil
	})
	return d, err
}

// run executes the statement with args.
func (d *direct) run(ctx context.Context, args []any) error {
	_, err := d.count(ctx, args)
	return err
}

// count executes the statement with args, and returns how many rows that changed.
func (d *direct) count(ctx context.Context, args []any) (n int64, err error) {
	d.named = d.named[:0]
	for i, arg := range args {
		d.named = append(d.named, driver.NamedValue{Ordinal: i + 1, Value: arg})
	}
	err = d.conn.Raw(func(any) error {
		result, err := d.exec.ExecContext(ctx, d.named)
		if err != nil {
			return err
		}
		n, err = result.RowsAffected()
		return err
	})
	return n, err
}

// close frees the statement. It must be called before its connection is closed.
func (d *direct) close() error {
	if d == nil || d.stmt == nil {
		return nil
	}
	return d.conn.Raw(func(any) error { return d.stmt.Close() })
}
