#include "CLinuxURing.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int clinux_uring_read_coalescing(const char *interface, clinux_uring_coalescing *found) {
    struct ethtool_coalesce settings = {.cmd = ETHTOOL_GCOALESCE};
    struct ifreq request = {0};
    strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
    request.ifr_data = (char *)&settings;
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    int outcome = ioctl(descriptor, SIOCETHTOOL, &request) < 0 ? -errno : 0;
    close(descriptor);
    if (outcome != 0) return outcome;
    found->receive_microseconds = settings.rx_coalesce_usecs;
    found->is_receive_adaptive = settings.use_adaptive_rx_coalesce != 0;
    return 0;
}
