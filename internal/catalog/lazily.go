package catalog

import "sync"

// Lazily holds what is made of files when it is asked for first, once for each.
type lazily[T any] struct {
	mu   sync.Mutex
	made map[string]*making[T]
}

type making[T any] struct {
	once  sync.Once
	value T
	err   error
}

// get returns what make makes of file.
func (l *lazily[T]) get(file string, make func(file string) (T, error)) (T, error) {
	m := l.at(file)
	m.once.Do(func() { m.value, m.err = make(file) })
	return m.value, m.err
}

func (l *lazily[T]) at(file string) *making[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.made == nil {
		l.made = map[string]*making[T]{}
	}
	if l.made[file] == nil {
		l.made[file] = &making[T]{}
	}
	return l.made[file]
}
