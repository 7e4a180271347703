package cli

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/hookctl/hookctl/internal/validate"
)

// locator tells where CI services find the file of a payload: from the repository on, or
// by its absolute path where it is not in there.
func (a *app) locator() func(*validate.Report) string {
	below := a.inRepository()
	return func(r *validate.Report) string {
		if r.File == "" {
			return ""
		}
		if rel, err := filepath.Rel(a.world.Dir, r.File); err == nil {
			if name := path.Join(below, filepath.ToSlash(rel)); !strings.HasPrefix(name, "../") {
				return name
			}
		}
		return filepath.ToSlash(r.File)
	}
}

// inRepository is where the working folder is in the repository, with forward slashes:
// "services/billing", or "." where there is none.
func (a *app) inRepository() string {
	dir := a.world.Dir
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	below, err := filepath.Rel(repositoryOf(dir, a.workspace(dir)), dir)
	if err != nil {
		return "."
	}
	return filepath.ToSlash(below)
}

// workspace is the folder above dir that a CI service says it has put the repository in;
// "" where none does.
func (a *app) workspace(dir string) string {
	for _, name := range []string{"GITHUB_WORKSPACE", "CI_PROJECT_DIR"} {
		folder, ok := a.world.LookupEnv(name)
		if !ok || !filepath.IsAbs(folder) {
			continue
		}
		folder, err := filepath.EvalSymlinks(folder)
		if err != nil {
			continue
		}
		if below, err := filepath.Rel(folder, dir); err == nil && filepath.IsLocal(below) {
			return folder
		}
	}
	return ""
}

// repositoryOf is the nearest folder from dir upwards that git knows. In the workspace it
// is the furthest: a job may check out into a folder of it, and what is further down are
// submodules. Without any it is the workspace, or dir.
func repositoryOf(dir, workspace string) string {
	found := ""
	for folder := dir; ; folder = filepath.Dir(folder) {
		if _, err := os.Lstat(filepath.Join(folder, ".git")); err == nil {
			found = folder
		}
		switch {
		case found != "" && workspace == "":
			return found
		case folder != workspace && folder != filepath.Dir(folder):
		case found != "":
			return found
		case workspace != "":
			return workspace
		default:
			return dir
		}
	}
}
