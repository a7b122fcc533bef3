// The header is the whole of it; this file has clang check it.
#include "CDigits.h"
