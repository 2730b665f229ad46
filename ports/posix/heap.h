/* How much heap the whole program holds: kernel, service and platform. */
#ifndef POSIX_HEAP_H_
#define POSIX_HEAP_H_

#include <stddef.h>
#include <stdint.h>

/* Blocks allocated and not freed yet. A task that has deleted itself holds some until idle runs. */
uint32_t ulHeapBlocks( void );

/* Blocks allocated since the start. */
uint32_t ulHeapAllocations( void );

/* The next allocation by pvPortMalloc after ulSkip others fails, once. */
void vHeapFailAfter( uint32_t ulSkip );

/* No allocation fails any more. */
void vHeapFailNever( void );

#endif /* POSIX_HEAP_H_ */
