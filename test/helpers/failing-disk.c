/* A disk that fails as a test says, for LD_PRELOAD. FAILING_DISK names a folder and FAILING_DISK_MODE a file; what the
 * file holds is what happens to files below the folder:
 *   full    writes fail with ENOSPC
 *   short   of several parts that are written at once, half of the first one is
 *   broken  a sync fails with EIO, and writes go on
 *   slow    a sync waits until the file says something else, then does as that says
 * Each sync is told as a line "<path> <0 or -1>" in FAILING_DISK_LOG. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int read_mode(char *mode, size_t size) {
  const char *path = getenv("FAILING_DISK_MODE");
  if (!path) return 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t length = read(fd, mode, size - 1);
  close(fd);
  mode[length < 0 ? 0 : length] = 0;
  return length > 0;
}

static int is_mode(const char *wanted) {
  char mode[16];
  return read_mode(mode, sizeof mode) && strcmp(mode, wanted) == 0;
}

/* The file's path if it lies below the folder. */
static int path_of(int fd, char *path, size_t size) {
  const char *folder = getenv("FAILING_DISK");
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, size - 1);
  if (!folder || length < 0) return 0;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0;
}

static int is_full(int fd) {
  char path[4096];
  if (!path_of(fd, path, sizeof path) || !is_mode("full")) return 0;
  errno = ENOSPC;
  return 1;
}

static int synced(int fd, long call) {
  char path[4096], line[4200];
  if (!path_of(fd, path, sizeof path)) return syscall(call, fd);
  while (is_mode("slow")) usleep(2000);
  int result = is_mode("broken") ? -1 : (int)syscall(call, fd);
  int log = open(getenv("FAILING_DISK_LOG"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  int length = snprintf(line, sizeof line, "%s %d\n", path, result);
  if (log >= 0) {
    syscall(SYS_write, log, line, length);
    close(log);
  }
  if (result < 0) errno = EIO;
  return result;
}

int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }
int fsync(int fd) { return synced(fd, SYS_fsync); }

ssize_t write(int fd, const void *bytes, size_t length) {
  return is_full(fd) ? -1 : syscall(SYS_write, fd, bytes, length);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  char path[4096];
  if (path_of(fd, path, sizeof path) && is_mode("short"))
    return syscall(SYS_write, fd, parts[0].iov_base, parts[0].iov_len / 2);
  return is_full(fd) ? -1 : syscall(SYS_writev, fd, parts, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  return is_full(fd) ? -1 : syscall(SYS_pwrite64, fd, bytes, length, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) { return pwrite(fd, bytes, length, at); }

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  return is_full(fd) ? -1 : syscall(SYS_pwritev, fd, parts, count, at, 0);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t at) { return pwritev(fd, parts, count, at); }
