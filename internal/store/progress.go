package store

import "context"

// progress is how far the indexes are: the seq of the last capture or attempt that is in.
type progress struct {
	captures, attempts, bodies int64
}

func readProgress(ctx context.Context, db querier) (p progress, err error) {
	err = db.QueryRowContext(ctx, `SELECT captures_done, attempts_done, bodies_done FROM progress`).
		Scan(&p.captures, &p.attempts, &p.bodies)
	return p, err
}
